package postern.lookup;

import java.util.stream.Stream;

/// A lookup table, or several that are asked in turn.
///
/// The key comes as it is; a table with fixed keys folds it to lower case by itself, an expression sees it
/// unchanged (and ignores case unless its flags say otherwise), as in Postfix.
public interface Table {
    /// Looks up a whole key: a full address, a host name, an address.
    Lookup find(String key);

    /// Looks up a part of a whole (a parent domain, `@domain`, the address without its extension). Patterns
    /// are not asked for parts (access(5), transport(5), "REGULAR EXPRESSION TABLES").
    default Lookup findPart(String key) {
        return isPattern() ? Lookup.NOT_FOUND : find(key);
    }

    /// `hash:/etc/postfix/transport`, as it was configured: for log lines and errors.
    String name();

    /// Whether a key is matched as a whole against patterns (`regexp:`, `pcre:`, `cidr:`).
    default boolean isPattern() {
        return false;
    }

    /// Whether there is nothing to ask: a parameter that names no table.
    default boolean isEmpty() {
        return false;
    }

    /// What the table may answer, as far as that can be listed at present: the right-hand sides of its lines,
    /// up to where a pattern's match comes in.
    default Stream<String> results() {
        return Stream.empty();
    }
}
