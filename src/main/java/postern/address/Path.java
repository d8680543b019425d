package postern.address;

import org.jspecify.annotations.Nullable;

/// A reverse or forward path (RFC 5321 §4.1.2): an address, or the null path `<>` that bounces and other
/// notices carry.
public record Path(@Nullable Address address) {
    /// `<>`: mail that must never be answered (RFC 5321 §4.5.5).
    public static final Path NULL = new Path(null);

    public static Path of(Address address) {
        return new Path(address);
    }

    public boolean isNull() {
        return address == null;
    }

    /// The address without brackets in Postfix's internal form; empty for the null path.
    public String internal() {
        return address == null ? "" : address.internal();
    }

    /// The path with its brackets, quoted as it goes over the wire.
    @Override
    public String toString() {
        return address == null ? "<>" : "<" + address + ">";
    }
}
