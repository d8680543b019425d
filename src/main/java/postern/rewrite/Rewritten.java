package postern.rewrite;

import postern.address.Address;

/// What became of an address.
public sealed interface Rewritten {
    record To(Address address) implements Rewritten {}

    /// A table could not be asked: the mail must not go on yet.
    record TempFail(String reason) implements Rewritten {}
}
