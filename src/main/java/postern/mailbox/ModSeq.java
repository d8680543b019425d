package postern.mailbox;

/// When a message last changed, as a number that only grows within a mailbox (RFC 7162 §3.1).
///
/// @param value 1 to 2^63 - 1
public record ModSeq(long value) implements Comparable<ModSeq> {
    public ModSeq {
        if (value < 1) {
            throw new IllegalArgumentException("a MODSEQ is a number from 1 on, not " + value);
        }
    }

    @Override
    public int compareTo(ModSeq other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
