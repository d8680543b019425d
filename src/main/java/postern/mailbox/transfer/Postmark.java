package postern.mailbox.transfer;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The line in front of a message in an mbox (RFC 4155 §A): `From sender Thu Jan  2 10:00:00 2020`, the time that
/// of the machine, or of a zone that stands there too.
final class Postmark {
    private static final Pattern DATE = Pattern.compile("(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\\s+"
            + "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\\s+(\\d{1,2})\\s+(\\d{1,2}:\\d{2})(:\\d{2})?"
            + "(\\s+[A-Z]{3,4})?(\\s+[+-]\\d{4})?\\s+(\\d{4})(\\s+[+-]\\d{4})?\\s*$");
    private static final DateTimeFormatter PARSED = DateTimeFormatter.ofPattern("MMM d H:mm:ss uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss uuuu", Locale.ENGLISH);

    private Postmark() {}

    /// Its time; null when the line is none.
    static @Nullable Instant time(String line, ZoneId zone) {
        Matcher date = DATE.matcher(line);
        if (!line.startsWith("From ") || !date.find()) {
            return null;
        }
        String seconds = date.group(4) == null ? ":00" : date.group(4);
        String offset = date.group(8) == null ? date.group(6) : date.group(8);
        try {
            LocalDateTime local = LocalDateTime.parse(
                    date.group(1) + " " + date.group(2) + " " + date.group(3) + seconds + " " + date.group(7), PARSED);
            return local.atZone(offset == null ? zone : ZoneOffset.of(offset.strip()))
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    static String of(String sender, Instant time, ZoneId zone) {
        String name = sender.isEmpty() || sender.chars().anyMatch(c -> c <= ' ' || c > 126) ? "MAILER-DAEMON" : sender;
        return "From " + name + " " + WRITTEN.format(time.atZone(zone));
    }
}
