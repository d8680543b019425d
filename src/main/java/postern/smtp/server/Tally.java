package postern.smtp.server;

import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.smtp.Reply;

/// What a session has done: commands by verb, for the log's last line, and the errors and idle commands since
/// the last message, for the limits.
final class Tally {
    private static final Verb[] VERBS = Verb.values();
    private static final int UNKNOWN = VERBS.length;

    private final int[] given = new int[UNKNOWN + 1];
    private final int[] done = new int[UNKNOWN + 1];
    private int errors;
    private int junk;

    /// @param verb null for a verb that does not exist
    void given(@Nullable Verb verb) {
        given[verb == null ? UNKNOWN : verb.ordinal()]++;
    }

    /// Waits for an answer, and counts it as a success if it is one.
    Supplier<Reply> counting(Verb verb, Supplier<Reply> answer) {
        return () -> {
            Reply reply;
            try {
                reply = answer.get();
            } catch (Reply.Refused e) {
                reply = e.reply();
            }
            if (reply.isPositive()) {
                done[verb.ordinal()]++;
            }
            return reply;
        };
    }

    void error() {
        errors++;
    }

    int errors() {
        return errors;
    }

    /// One of the commands that bring no mail forward.
    ///
    /// @param limit how many are free (`smtpd_junk_command_limit`); each one more is an error
    void junk(int limit) {
        if (junk++ > limit) {
            errors++;
        }
    }

    /// A message has been taken: the client begins anew.
    void delivered() {
        errors = 0;
        junk = 0;
    }

    /// ` ehlo=1 mail=1/2 quit=1 commands=3/4`: successes, and where they differ, all.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(80);
        int allGiven = 0;
        int allDone = 0;
        for (int i = 0; i <= UNKNOWN; i++) {
            if (given[i] > 0) {
                String name = i == UNKNOWN ? "unknown" : VERBS[i].name().toLowerCase(Locale.ROOT);
                append(text, name, done[i], given[i]);
                allGiven += given[i];
                allDone += done[i];
            }
        }
        append(text, "commands", allDone, allGiven);
        return text.toString();
    }

    private static void append(StringBuilder text, String name, int success, int total) {
        text.append(' ').append(name).append('=').append(success);
        if (success != total) {
            text.append('/').append(total);
        }
    }
}
