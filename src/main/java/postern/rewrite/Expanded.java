package postern.rewrite;

import java.util.List;
import postern.address.Address;

/// What recipients came out of one.
public sealed interface Expanded {
    /// At least one; the address itself when no table has it.
    record To(List<Address> recipients) implements Expanded {}

    /// A table could not be asked: the mail must not go on yet.
    record TempFail(String reason) implements Expanded {}

    /// The expansion passed a limit; most likely aliases run in a circle (451 4.6.0 Alias expansion error).
    record Unreasonable(String reason) implements Expanded {}
}
