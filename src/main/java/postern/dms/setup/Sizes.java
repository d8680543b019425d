package postern.dms.setup;

/// Numbers of bytes for people, as `numfmt --to=iec` writes them: `512`, `1.5K`, `12M`, rounded up.
final class Sizes {
    private static final String UNITS = "KMGTPE";

    private Sizes() {}

    static String of(long bytes) {
        if (bytes < 1024) {
            return Long.toString(bytes);
        }
        int unit = 0;
        double value = bytes / 1024.0;
        while (value >= 1024 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        double tenths = Math.ceil(value * 10) / 10;
        long whole = (long) Math.ceil(value);
        if (tenths < 10) {
            return (long) (tenths * 10 + 0.5) / 10 + "." + (long) (tenths * 10 + 0.5) % 10 + UNITS.charAt(unit);
        }
        if (whole == 1024 && unit < UNITS.length() - 1) {
            return "1.0" + UNITS.charAt(unit + 1);
        }
        return whole + String.valueOf(UNITS.charAt(unit));
    }

    /// How much of a limit is used, in hundredths.
    static long percent(long used, long limit) {
        return limit == 0 ? 0 : (long) (used * 100.0 / limit);
    }
}
