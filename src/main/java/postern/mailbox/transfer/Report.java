package postern.mailbox.transfer;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What a transfer says of itself: what it could not take, line by line as it is met, and counts. Safe for use
/// from many threads.
public final class Report {
    /// What is counted.
    enum Count {
        ACCOUNTS,
        MAILBOXES,
        TAKEN,
        BYTES,
        THERE,
        FLAGS,
        SCRIPTS,
        GONE,
        PROBLEMS
    }

    private final Consumer<String> lines;
    private final AtomicLong[] counts = new AtomicLong[Count.values().length];

    /// @param lines takes each line
    public Report(Consumer<String> lines) {
        this.lines = lines;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new AtomicLong();
        }
    }

    /// A line that is good to know.
    public void say(String line) {
        synchronized (lines) {
            lines.accept(line);
        }
    }

    /// Something that was not taken as it stands: counted, so that the exit code says so.
    public void problem(String where, String what) {
        add(Count.PROBLEMS, 1);
        say(where + ": " + what);
    }

    void add(Count count, long more) {
        counts[count.ordinal()].addAndGet(more);
    }

    long of(Count count) {
        return counts[count.ordinal()].get();
    }

    /// How many things were not taken as they stand.
    public long problems() {
        return of(Count.PROBLEMS);
    }

    /// `2 accounts, 7 mailboxes: 310 messages (1.2 MB) taken, 14 were there, …`
    ///
    /// @param taken the word for what happened to messages: `taken`, `to take`, `written`
    String summary(String taken) {
        StringBuilder text = new StringBuilder();
        text.append(number(Count.ACCOUNTS, "account")).append(", ");
        text.append(number(Count.MAILBOXES, "mailbox")).append(": ");
        text.append(number(Count.TAKEN, "message")).append(' ').append(taken);
        if (of(Count.BYTES) > 0) {
            text.append(" (").append(size(of(Count.BYTES))).append(')');
        }
        more(text, Count.THERE, " there already");
        more(text, Count.FLAGS, " with other flags than before");
        more(text, Count.GONE, " gone over there, which stay here");
        more(text, Count.SCRIPTS, " new Sieve scripts");
        more(text, Count.PROBLEMS, " problems (see above)");
        return text.toString();
    }

    private void more(StringBuilder text, Count count, String what) {
        if (of(count) > 0) {
            text.append(", ").append(of(count)).append(what);
        }
    }

    private String number(Count count, String noun) {
        long number = of(count);
        String plural = noun.endsWith("x") ? noun + "es" : noun + "s";
        return number + " " + (number == 1 ? noun : plural);
    }

    static String size(long bytes) {
        if (bytes < 1_000_000) {
            return (bytes + 999) / 1000 + " kB";
        }
        return bytes < 1_000_000_000 ? bytes / 100_000 / 10.0 + " MB" : bytes / 100_000_000 / 10.0 + " GB";
    }
}
