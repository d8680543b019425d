package postern.config;

/// `compatibility_level`: `major`, `major.minor` or `major.minor.patch` (COMPATIBILITY_README).
record CompatibilityLevel(long major, int minor, int patch) implements Comparable<CompatibilityLevel> {
    private static final int MOST = 1023;

    /// @throws IllegalArgumentException when the text has another form
    static CompatibilityLevel parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 3) {
            throw malformed(text);
        }
        long[] numbers = new long[3];
        for (int i = 0; i < parts.length; i++) {
            if (!Values.isDigits(parts[i]) || parts[i].length() > 12) {
                throw malformed(text);
            }
            numbers[i] = Long.parseLong(parts[i]);
        }
        if (numbers[1] > MOST || numbers[2] > MOST) {
            throw malformed(text);
        }
        return new CompatibilityLevel(numbers[0], (int) numbers[1], (int) numbers[2]);
    }

    @Override
    public int compareTo(CompatibilityLevel other) {
        int order = Long.compare(major, other.major);
        order = order != 0 ? order : Integer.compare(minor, other.minor);
        return order != 0 ? order : Integer.compare(patch, other.patch);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("\"" + text + "\" is not a compatibility level such as 3.6");
    }
}
