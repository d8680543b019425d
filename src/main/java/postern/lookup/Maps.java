package postern.lookup;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Several tables asked in turn: the first that finds wins, the first that cannot be asked ends the search.
record Maps(List<Table> tables) implements Table {

    @Override
    public Lookup find(String key) {
        return first(key, false);
    }

    @Override
    public Lookup findPart(String key) {
        return first(key, true);
    }

    private Lookup first(String key, boolean part) {
        if (key.isEmpty()) {
            return Lookup.NOT_FOUND;
        }
        for (int i = 0; i < tables.size(); i++) {
            Table table = tables.get(i);
            Lookup answer = part ? table.findPart(key) : table.find(key);
            switch (answer) {
                case Lookup.NotFound() -> {}
                case Lookup.Found(String value)
                when value.isEmpty() -> {
                    return new Lookup.TempFail(table.name() + " lookup of " + key + " returns an empty string result");
                }
                case Lookup.Found found -> {
                    return found;
                }
                case Lookup.TempFail fail -> {
                    return fail;
                }
            }
        }
        return Lookup.NOT_FOUND;
    }

    @Override
    public Stream<String> results() {
        return tables.stream().flatMap(Table::results);
    }

    @Override
    public boolean isEmpty() {
        return tables.isEmpty();
    }

    @Override
    public String name() {
        return tables.stream().map(Table::name).collect(Collectors.joining(" "));
    }
}
