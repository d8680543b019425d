package postern.lookup;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// `randmap:{value, …}`: any of the values for every key.
record RandomTable(String name, List<String> values) implements Table {
    static Table open(String spec, String name, Tables tables) {
        return new RandomTable(spec, Composed.members(spec, name, "value"));
    }

    @Override
    public Lookup find(String key) {
        return new Lookup.Found(values.get(ThreadLocalRandom.current().nextInt(values.size())));
    }

    @Override
    public boolean isPattern() {
        return true;
    }
}
