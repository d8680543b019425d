package postern.mailbox;

/// The number of a message in its mailbox (RFC 9051 §2.3.1.1): given in rising order, never twice under one
/// [UidValidity].
///
/// @param value 1 to 2^32 - 1
public record Uid(long value) implements Comparable<Uid> {
    public static final Uid FIRST = new Uid(1);
    public static final Uid LAST = new Uid(0xFFFF_FFFFL);

    public Uid {
        if (value < 1 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("a UID is a number from 1 to 4294967295, not " + value);
        }
    }

    @Override
    public int compareTo(Uid other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
