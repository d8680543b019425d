package postern.lookup;

import java.util.List;
import java.util.stream.Stream;

/// `unionmap:{type:name, …}`: all that its tables find, with commas between. As in Postfix, the first table
/// says whether it is asked for parts of a key.
record UnionTable(String name, List<Table> tables) implements Table {
    static Table open(String spec, String name, Tables tables) {
        return new UnionTable(spec, Composed.tables(spec, name, tables));
    }

    @Override
    public Lookup find(String key) {
        StringBuilder all = new StringBuilder();
        for (Table table : tables) {
            switch (table.find(key)) {
                case Lookup.NotFound() -> {}
                case Lookup.Found(String value) ->
                    all.append(all.isEmpty() ? "" : ",").append(value);
                case Lookup.TempFail fail -> {
                    return fail;
                }
            }
        }
        return all.isEmpty() ? Lookup.NOT_FOUND : new Lookup.Found(all.toString());
    }

    @Override
    public Stream<String> results() {
        return tables.stream().flatMap(Table::results);
    }

    @Override
    public boolean isPattern() {
        return tables.getFirst().isPattern();
    }
}
