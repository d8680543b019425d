package postern.mailbox;

/// Under which the UIDs of a mailbox hold (RFC 9051 §2.3.1.1): a mailbox that takes the name of another has a
/// higher one.
///
/// @param value 1 to 2^32 - 1
public record UidValidity(long value) implements Comparable<UidValidity> {
    public UidValidity {
        if (value < 1 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("UIDVALIDITY is a number from 1 to 4294967295, not " + value);
        }
    }

    @Override
    public int compareTo(UidValidity other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
