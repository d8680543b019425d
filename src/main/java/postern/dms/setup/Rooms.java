package postern.dms.setup;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/// What the commands need of the rest of the house.
///
/// @param usage how much mail somebody has
/// @param removal removes the mail of an account
/// @param server asks the server that runs
/// @param keys who has keys for SCRAM
public record Rooms(Usage usage, Removal removal, Server server, Keys keys) {
    /// Keys for SCRAM that logins have made.
    @FunctionalInterface
    public interface Keys {
        /// @param address of the account, in lower case
        /// @param stored `{SCHEME}hash`: keys of another password do not count
        boolean has(String address, String stored);
    }

    /// The server that runs on this volume.
    @FunctionalInterface
    public interface Server {
        /// Has it do what an operator can ask for (`bans`).
        ///
        /// @return what it said, line by line
        /// @throws IOException with why it did not
        List<String> ask(List<String> words) throws IOException;
    }

    /// How much mail somebody has.
    @FunctionalInterface
    public interface Usage {
        /// @param address of the account, in lower case
        /// @return bytes; empty when it cannot be known
        OptionalLong bytes(String address) throws IOException;
    }

    /// Removes the mail of an account for good.
    @FunctionalInterface
    public interface Removal {
        /// @param address of the account, in lower case
        /// @return whether there was any
        boolean remove(String address) throws IOException;
    }
}
