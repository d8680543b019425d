package postern.lookup;

/// `fail:name`: every look-up fails; for testing what then happens.
record FailTable(String name) implements Table {
    static Table open(String spec, String name, Tables tables) {
        return new FailTable(spec);
    }

    @Override
    public Lookup find(String key) {
        return new Lookup.TempFail(name + " lookup error");
    }
}
