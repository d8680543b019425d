package postern.sasl;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Those who may log in and are in no file of ours: a directory elsewhere. Safe for use from many threads; each
/// call may wait for a network.
public interface LoginDirectory {
    /// Who that is; null for nobody.
    ///
    /// @param name as it was given, in lower case
    /// @throws IOException when that cannot be known now: no reason to say that a password is wrong
    @Nullable
    Person find(String name) throws IOException;

    /// One who may log in.
    interface Person {
        Login login();

        /// `{SCHEME}hash`, to be compared here; empty where the directory compares itself.
        String stored();

        /// Whether the directory takes this for the password.
        ///
        /// @throws IOException when that cannot be known now
        boolean isPassword(String password) throws IOException;
    }
}
