package postern.queue;

import java.nio.charset.StandardCharsets;

/// A message's name in queue and log: a positive number, written as Postfix writes short ids, in upper-case
/// hex of at least ten digits. Never used again within the life of a queue.
public record QueueId(long value) {
    private static final int SHORTEST = 10;
    private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.ISO_8859_1);

    /// @throws IllegalArgumentException when the text is not a queue id
    public static QueueId parse(String text) {
        try {
            long value = Long.parseLong(text, 16);
            if (text.length() >= SHORTEST && value > 0) {
                return new QueueId(value);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a queue id such as 4F0C3A91B2");
    }

    @Override
    public String toString() {
        int length = Math.max(SHORTEST, (67 - Long.numberOfLeadingZeros(value)) / 4);
        byte[] text = new byte[length];
        long rest = value;
        for (int i = length - 1; i >= 0; i--) {
            text[i] = DIGITS[(int) (rest & 15)];
            rest >>>= 4;
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
