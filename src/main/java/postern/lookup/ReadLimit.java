package postern.lookup;

/// Text for an expression to run over, which counts the characters read and gives up after a limit: an
/// expression that backtracks without end costs milliseconds, not a processor.
final class ReadLimit implements CharSequence {
    /// The limit was passed. Without stack trace: it says nothing of interest.
    static final class Passed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Passed() {
            super("matching takes too long", null, false, false);
        }
    }

    private static final int READS = 1_000_000;
    private static final int READS_PER_CHARACTER = 20;

    private final String text;
    private int left;

    ReadLimit(String text) {
        this.text = text;
        this.left = READS + READS_PER_CHARACTER * text.length();
    }

    @Override
    public char charAt(int index) {
        if (--left < 0) {
            throw new Passed();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
