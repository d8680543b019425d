package postern.log;

import java.io.Closeable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;

/// Writes the log in syslog's traditional form, as Postfix's postlogd does into `maillog_file`:
///
/// `Nov 22 15:04:05 mail postfix/smtpd[4711]: connect from unknown[192.0.2.1]`
///
/// Callers leave their line and go on; one thread takes all that waits and writes it once. A line after a
/// quiet moment is written at once; those behind it gather for [#GATHERING] milliseconds: a thread that woke
/// for each of ten thousand lines a second would take a seventh of the server's time. When more than
/// [#WAITING] lines wait, callers wait too: no line is dropped. A file that cannot be written any more is
/// replaced by standard error, with one warning.
public final class LogWriter implements MailLog, Closeable {
    /// Lines that may wait before callers do.
    static final int WAITING = 10_000;

    /// Milliseconds between two writes.
    static final long GATHERING = 5;

    private final LogFile file;
    private final SyslogFormat format;
    private final InstantSource clock;
    private final Thread writer;
    private ArrayDeque<Line> waiting = new ArrayDeque<>();
    private boolean writerWaits;
    private boolean closed;
    private boolean reopen;

    private record Line(long millis, String service, String text) {}

    /// @param name `syslog_name`
    /// @param host the first component of the host name, as syslog prints it
    public LogWriter(LogFile file, String name, String host, InstantSource clock) {
        this.file = file;
        this.format = new SyslogFormat(name, host);
        this.clock = clock;
        this.writer = Thread.ofPlatform().name("log").daemon().start(this::write);
    }

    @Override
    public void info(String service, String text) {
        Line line = new Line(clock.millis(), service, text);
        synchronized (this) {
            while (waiting.size() >= WAITING && !closed) {
                await();
            }
            waiting.add(line);
            if (writerWaits) {
                notifyAll();
            }
        }
    }

    /// Opens the file again: after logrotate moved it away (SIGHUP).
    public synchronized void reopen() {
        reopen = true;
        notifyAll();
    }

    /// Writes what waits and ends. Returns when all is written; a line that comes later is lost.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        while (writer.isAlive()) {
            try {
                writer.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                throw new IllegalStateException("the log is never interrupted", e);
            }
        }
    }

    private synchronized void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException("the log is never interrupted", e);
        }
    }

    /// Nobody wakes the writer for a line meanwhile.
    private synchronized void gather() {
        if (!closed && !reopen) {
            try {
                wait(GATHERING);
            } catch (InterruptedException e) {
                throw new IllegalStateException("the log is never interrupted", e);
            }
        }
    }

    private void write() {
        StringBuilder text = new StringBuilder(8192);
        ArrayDeque<Line> taken = new ArrayDeque<>();
        while (true) {
            boolean again;
            boolean last;
            synchronized (this) {
                while (waiting.isEmpty() && !closed && !reopen) {
                    writerWaits = true;
                    await();
                    writerWaits = false;
                }
                ArrayDeque<Line> full = waiting;
                waiting = taken;
                taken = full;
                again = reopen;
                reopen = false;
                last = closed;
                if (taken.size() >= WAITING) {
                    notifyAll();
                }
            }
            if (again) {
                file.reopen();
            }
            text.setLength(0);
            for (Line line : taken) {
                format.append(text, line.millis(), line.service(), line.text());
            }
            taken.clear();
            file.write(text);
            if (last) {
                file.close();
                return;
            }
            gather();
        }
    }
}
