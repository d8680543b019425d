package postern.lookup;

import java.util.List;

/// `pipemap:{type:name, …}`: what a table finds is the key for the next; the last gives the result. As in
/// Postfix, the first table says whether it is asked for parts of a key.
record PipeTable(String name, List<Table> tables) implements Table {
    static Table open(String spec, String name, Tables tables) {
        return new PipeTable(spec, Composed.tables(spec, name, tables));
    }

    @Override
    public Lookup find(String key) {
        Lookup answer = new Lookup.Found(key);
        for (Table table : tables) {
            if (!(answer instanceof Lookup.Found(String value))) {
                break;
            }
            answer = table.find(value);
        }
        return answer;
    }

    @Override
    public boolean isPattern() {
        return tables.getFirst().isPattern();
    }
}
