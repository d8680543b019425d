package postern.queue;

/// A message's name in queue and log: a positive number, written as Postfix writes short ids, in upper-case
/// hex of at least ten digits. Never used again within the life of a queue.
public record QueueId(long value) {
    /// @throws IllegalArgumentException when the text is not a queue id
    public static QueueId parse(String text) {
        try {
            long value = Long.parseLong(text, 16);
            if (text.length() >= 10 && value > 0) {
                return new QueueId(value);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a queue id such as 4F0C3A91B2");
    }

    @Override
    public String toString() {
        return String.format("%010X", value);
    }
}
