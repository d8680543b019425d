package postern.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes the log in syslog's traditional form, as Postfix's postlogd does into `maillog_file`:
///
/// `Nov 22 15:04:05 mail postfix/smtpd[4711]: connect from unknown[192.0.2.1]`
///
/// Callers leave their line and go on; one thread takes all that waits and writes it once. When more than
/// [#WAITING] lines wait, callers wait too: no line is dropped. A file that cannot be written any more is
/// replaced by standard error, with one warning.
public final class LogWriter implements MailLog, Closeable {
    /// Lines that may wait before callers do.
    static final int WAITING = 10_000;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM d HH:mm:ss", Locale.ROOT);

    private final @Nullable Path file;
    private final PrintStream fallback;
    private final String name;
    private final String host;
    private final String pid = "[" + ProcessHandle.current().pid() + "]: ";
    private final InstantSource clock;
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private final Thread writer;
    private boolean closed;
    private boolean reopen;
    private OutputStream out;
    private long stampedSecond = Long.MIN_VALUE;
    private String stamp = "";

    private record Line(long millis, String service, String text) {}

    /// @param file `maillog_file`; null for standard error
    /// @param fallback where lines go when there is no file or it cannot be written
    /// @param name `syslog_name`
    /// @param host the first component of the host name, as syslog prints it
    public LogWriter(@Nullable Path file, PrintStream fallback, String name, String host, InstantSource clock) {
        this.file = file;
        this.fallback = fallback;
        this.name = name;
        this.host = host;
        this.clock = clock;
        this.out = open();
        this.writer = Thread.ofPlatform().name("log").daemon().start(this::write);
    }

    @Override
    public void info(String service, String text) {
        Line line = new Line(clock.millis(), service, text);
        synchronized (lines) {
            while (lines.size() >= WAITING && !closed) {
                await();
            }
            lines.add(line);
            if (lines.size() == 1) {
                lines.notifyAll();
            }
        }
    }

    /// Opens the file again: after logrotate moved it away (SIGHUP).
    public void reopen() {
        synchronized (lines) {
            reopen = true;
            lines.notifyAll();
        }
    }

    /// Writes what waits and ends. Returns when all is written.
    @Override
    public void close() {
        synchronized (lines) {
            closed = true;
            lines.notifyAll();
            while (writer.isAlive() && !lines.isEmpty()) {
                await();
            }
        }
        boolean joined = false;
        while (!joined) {
            try {
                joined = writer.join(java.time.Duration.ofSeconds(5)) || !writer.isAlive();
            } catch (InterruptedException e) {
                // nothing here is ever interrupted
            }
        }
    }

    private void await() {
        try {
            lines.wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException("the log is never interrupted", e);
        }
    }

    private void write() {
        StringBuilder text = new StringBuilder(8192);
        while (true) {
            boolean again;
            synchronized (lines) {
                while (lines.isEmpty() && !closed && !reopen) {
                    await();
                }
                if (lines.isEmpty() && closed) {
                    finish();
                    return;
                }
                again = reopen;
                reopen = false;
                text.setLength(0);
                for (Line line : lines) {
                    format(line, text);
                }
                lines.clear();
                lines.notifyAll();
            }
            if (again) {
                finish();
                out = open();
            }
            put(text);
        }
    }

    private void put(StringBuilder text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            fallback.println(
                    "postern: warning: " + file + " cannot be written (" + e.getMessage() + "): logging to stderr");
            out = fallback;
            fallback.write(bytes, 0, bytes.length);
            fallback.flush();
        }
    }

    private void format(Line line, StringBuilder text) {
        long second = Math.floorDiv(line.millis(), 1000);
        if (second != stampedSecond) {
            stampedSecond = second;
            stamp = stamp(Instant.ofEpochSecond(second));
        }
        text.append(stamp)
                .append(host)
                .append(' ')
                .append(name)
                .append('/')
                .append(line.service())
                .append(pid);
        String said = line.text();
        for (int i = 0; i < said.length(); i++) {
            char c = said.charAt(i);
            text.append(c < ' ' || c == 127 ? '?' : c);
        }
        text.append('\n');
    }

    /// `Nov  2 15:04:05 `: the day in two places, padded with a space.
    private static String stamp(Instant time) {
        String formatted = TIME.format(time.atZone(ZoneId.systemDefault()));
        return (formatted.charAt(5) == ' ' ? formatted.substring(0, 4) + " " + formatted.substring(4) : formatted)
                + " ";
    }

    private OutputStream open() {
        if (file == null) {
            return fallback;
        }
        try {
            return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            fallback.println("postern: warning: maillog_file " + file + " cannot be written (" + e.getMessage()
                    + "): logging to stderr; let the server's user write there, or set maillog_file to another file");
            return fallback;
        }
    }

    private void finish() {
        if (out != fallback) {
            try {
                out.close();
            } catch (IOException e) {
                fallback.println("postern: warning: " + file + ": " + e.getMessage());
            }
        }
    }
}
