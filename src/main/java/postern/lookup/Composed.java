package postern.lookup;

import java.util.List;
import postern.config.ConfigException;

/// The members of `unionmap:{…}`, `pipemap:{…}` and `randmap:{…}`.
final class Composed {
    private Composed() {}

    /// @param what for the error: `type:name`
    static List<String> members(String spec, String name, String what) {
        try {
            List<String> members = Braces.members(Braces.inside(name));
            if (!members.isEmpty()) {
                return members;
            }
        } catch (ConfigException e) {
            // said below
        }
        throw new ConfigException("bad syntax: \"" + spec + "\"; need \"" + spec.substring(0, spec.indexOf(':')) + ":{"
                + what + "...}\"");
    }

    static List<Table> tables(String spec, String name, Tables tables) {
        return members(spec, name, "type:name").stream().map(tables::open).toList();
    }
}
