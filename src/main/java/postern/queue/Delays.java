package postern.queue;

import java.time.Duration;

/// How Postfix writes times into `delay=` and `delays=`: two significant digits below 100 seconds, no more
/// than `delay_logging_resolution_limit` behind the point, no zeros at the end.
final class Delays {
    private static final long[] NANOS = {1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000};

    private Delays() {}

    /// @param resolution most digits behind the point, 0 to 6
    static String format(Duration delay, int resolution) {
        long nanos = Math.max(0, delay.toNanos());
        int digits = Math.min(resolution, fractionDigits(nanos));
        long unit = NANOS[digits];
        long units = (nanos + unit / 2) / unit;
        long scale = NANOS[0] / unit;
        StringBuilder text = new StringBuilder().append(units / scale);
        if (units % scale != 0) {
            String fraction = Long.toString(scale + units % scale).substring(1);
            int end = fraction.length();
            while (fraction.charAt(end - 1) == '0') {
                end--;
            }
            text.append('.').append(fraction, 0, end);
        }
        return text.toString();
    }

    /// Digits behind the point that make two significant ones.
    private static int fractionDigits(long nanos) {
        if (nanos >= 10 * NANOS[0]) {
            return 0;
        }
        int digits = 1;
        for (long first = NANOS[0]; nanos < first && digits < 6; first /= 10) {
            digits++;
        }
        return digits;
    }
}
