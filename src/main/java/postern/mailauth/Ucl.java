package postern.mailauth;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What stands in a file of rspamd's language (UCL), as far as DMS writes it: names with values, blocks and
/// lists. What the language has beyond that (macros, variables, text blocks) is refused, never passed over.
sealed interface Ucl {
    /// Where it begins: `FILE:LINE`.
    String origin();

    /// A word or a string.
    record Text(String text, String origin) implements Ucl {}

    /// `{ … }`, or a whole file.
    record Block(Map<String, Ucl> members, String origin) implements Ucl {
        public Block {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    /// `[ … ]`.
    record Items(List<Ucl> items, String origin) implements Ucl {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// Reads a file.
    ///
    /// @param name how messages call it
    /// @throws postern.config.ConfigException naming file and line
    static Block parse(String name, String text) {
        return new UclParser(name, text).file();
    }
}
