package postern.smtp;

import postern.address.Address;

/// One recipient: the address mail goes to now, the one that was given at RCPT, and the DSN parameters
/// (NOTIFY, ORCPT; RFC 3461 §4). `original` differs from `address` once `cleanup` has rewritten or expanded
/// it (`orig_to=` in the log).
public record Recipient(Address address, Address original, Params params) {
    public Recipient(Address address, Params params) {
        this(address, address, params);
    }

    public Recipient withAddress(Address other) {
        return new Recipient(other, original, params);
    }
}
