package postern.message;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Dates of RFC 5322 §3.3, as Postfix writes them: `Sun, 22 Nov 2026 15:04:05 +0000 (UTC)`.
public final class MailDate {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z '('zzz')'", Locale.ROOT);

    /// The last one made: a busy server writes many with the same second.
    private static volatile Made last = new Made(Long.MIN_VALUE, ZoneId.systemDefault(), "");

    private record Made(long second, ZoneId zone, String text) {}

    private MailDate() {}

    public static String format(Instant time, ZoneId zone) {
        Made made = last;
        if (made.second != time.getEpochSecond() || !made.zone.equals(zone)) {
            made = new Made(time.getEpochSecond(), zone, FORMAT.format(ZonedDateTime.ofInstant(time, zone)));
            last = made;
        }
        return made.text;
    }
}
