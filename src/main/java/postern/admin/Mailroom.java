package postern.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The mailboxes of a private server, as far as commands may reach them. Accounts are called by their address,
/// in lower case.
public interface Mailroom {
    /// Says something while work goes on.
    interface Telling {
        void line(String line) throws IOException;
    }

    /// Bytes of mail of all accounts that have or had some.
    Map<String, Long> usage() throws IOException;

    /// Removes the mail of an account for good.
    ///
    /// @return whether there was any
    boolean remove(String account) throws IOException;

    /// Proves what must always hold of the store.
    ///
    /// @return what does not hold; empty when all is well
    List<String> check() throws IOException;

    /// Copies all mailboxes, and the configuration, into a directory: what is new since the last time.
    ///
    /// @return what could not be copied as it should be; empty when all is well
    List<String> backup(Path to, Telling telling) throws IOException;
}
