package postern.lookup;

import org.jspecify.annotations.Nullable;

/// What a table said.
public sealed interface Lookup {
    record Found(String value) implements Lookup {}

    record NotFound() implements Lookup {}

    /// The table could not be asked (a dead server, a file that cannot be read, an expression that ran too
    /// long). Mail waits; nobody is told "no such user".
    record TempFail(String reason) implements Lookup {}

    Lookup NOT_FOUND = new NotFound();

    static Lookup of(@Nullable String value) {
        return value == null ? NOT_FOUND : new Found(value);
    }
}
