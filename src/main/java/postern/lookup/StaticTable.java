package postern.lookup;

import java.util.stream.Stream;

/// `static:value` and `static:{ text with spaces }`: every key has this value.
record StaticTable(String name, String value) implements Table {
    static Table open(String spec, String name, Tables tables) {
        return new StaticTable(spec, name.startsWith("{") ? Braces.inside(name).trim() : name);
    }

    @Override
    public Lookup find(String key) {
        return new Lookup.Found(value);
    }

    @Override
    public Stream<String> results() {
        return Stream.of(value);
    }
}
