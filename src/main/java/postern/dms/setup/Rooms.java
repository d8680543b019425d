package postern.dms.setup;

import java.io.IOException;
import java.util.OptionalLong;

/// What the commands need of the rest of the house.
///
/// @param usage how much mail somebody has
/// @param removal removes the mail of an account
public record Rooms(Usage usage, Removal removal) {
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
