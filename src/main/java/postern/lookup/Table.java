package postern.lookup;

/// A lookup table. Keys are given as Postfix gives them: already folded to lower case for indexed files and
/// expressions.
public interface Table {
    Lookup find(String key);

    /// `hash:/etc/postfix/transport`, as it was configured: for log lines and errors.
    String name();

    /// Whether a key is matched as a whole against patterns (`regexp:`, `pcre:`, `cidr:`): such a table is
    /// asked only with the full address or host, never with its parts (transport(5), access(5)).
    default boolean isPattern() {
        return false;
    }
}
