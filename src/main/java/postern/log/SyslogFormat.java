package postern.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The traditional form of a syslog line (RFC 3164 §4.1.2), which every tool for Postfix's log reads. Used by
/// one thread.
final class SyslogFormat {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM d HH:mm:ss ", Locale.ROOT);

    private final String prefix;
    private final String pid = "[" + ProcessHandle.current().pid() + "]: ";
    private long stampedSecond = Long.MIN_VALUE;
    private String stamp = "";

    SyslogFormat(String name, String host) {
        this.prefix = host + " " + name + "/";
    }

    /// Adds one line with its end; control characters become `?`, so that nobody can forge a second one.
    void append(StringBuilder text, long millis, String service, String said) {
        long second = Math.floorDiv(millis, 1000);
        if (second != stampedSecond) {
            stampedSecond = second;
            stamp = stamp(Instant.ofEpochSecond(second));
        }
        text.append(stamp).append(prefix).append(service).append(pid);
        for (int i = 0; i < said.length(); i++) {
            char c = said.charAt(i);
            text.append(c < ' ' || (c >= 127 && c < 160) ? '?' : c);
        }
        text.append('\n');
    }

    /// `Nov  2 15:04:05 `: the day in two places, padded with a space.
    private static String stamp(Instant time) {
        String formatted = TIME.format(time.atZone(ZoneId.systemDefault()));
        return formatted.charAt(5) == ' ' ? formatted.substring(0, 4) + " " + formatted.substring(4) : formatted;
    }
}
