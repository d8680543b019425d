package postern.smtp;

/// What one hand-over between two servers of ours is called: 128 random bits, new for each transaction. It says
/// nothing about message, sender or server.
public record HandoverId(long high, long low) {
    private static final int LENGTH = 32;

    /// Reads 32 lower-case hex digits.
    ///
    /// @throws Reply.Refused (501 5.5.4) when that is not what it is
    public static HandoverId parse(String text) {
        if (text.length() != LENGTH || !text.chars().allMatch(HandoverId::isDigit)) {
            throw new Reply.Refused("501 5.5.4 Bad hand-over id: 32 lower-case hex digits expected");
        }
        return new HandoverId(Long.parseUnsignedLong(text, 0, 16, 16), Long.parseUnsignedLong(text, 16, LENGTH, 16));
    }

    private static boolean isDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    @Override
    public String toString() {
        return digits(high) + digits(low);
    }

    private static String digits(long half) {
        String digits = Long.toHexString(half);
        return "0".repeat(LENGTH / 2 - digits.length()) + digits;
    }
}
