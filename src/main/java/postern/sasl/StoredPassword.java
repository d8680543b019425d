package postern.sasl;

import org.jspecify.annotations.Nullable;

/// What the users file keeps of one password. Immutable; may be asked from many threads.
interface StoredPassword {
    /// Whether this is the password. May take many milliseconds of CPU: ask on the pool only. Compares in
    /// constant time.
    ///
    /// @param password UTF-8, neither empty nor longer than [PasswordScheme#LONGEST_PASSWORD]; not changed
    boolean matches(byte[] password);

    /// The keys for SCRAM-SHA-256, null when they cannot be had from what is stored.
    default @Nullable ScramKeys scramKeys() {
        return null;
    }
}
