package postern.handover;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import postern.smtp.client.Attempts;
import postern.smtp.client.Budget;
import postern.smtp.client.SmtpDialog;
import postern.smtp.client.SmtpFailure;

/// One of a next hop's connections, for as long as a message has it. It goes from server to server until
/// one is ready. Confined to the thread that has it.
final class Line {
    /// What the end of a transaction may take: somebody waits for the line.
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Attempts attempts;
    private @Nullable SmtpDialog dialog;

    Line(Attempts attempts) {
        this.attempts = attempts;
    }

    /// The time that the next hop has for what comes next.
    Budget budget() {
        return attempts.budget();
    }

    /// A dialog that is ready for a message: the present one, else the next that can be had.
    ///
    /// @throws SmtpFailure when no server is left: why
    SmtpDialog ready() throws SmtpFailure {
        SmtpDialog present = dialog;
        if (present != null) {
            present.reset();
            if (present.isReady()) {
                return present;
            }
            letGo();
        }
        SmtpDialog next = attempts.next();
        if (next == null) {
            throw attempts.failure();
        }
        dialog = next;
        return next;
    }

    /// Whether another server may be tried.
    boolean hasMore() {
        return attempts.hasMore();
    }

    /// The present dialog; its server is of no use for this message.
    void letGo() {
        SmtpDialog present = dialog;
        if (present != null) {
            dialog = null;
            attempts.release(present);
        }
    }

    /// Ends the message under way so that nothing of it can be taken.
    void cut() {
        SmtpDialog present = dialog;
        if (present != null) {
            present.cut();
        }
    }

    /// Ends the transaction under way, and gives the connection back.
    void close() {
        SmtpDialog present = dialog;
        if (present != null) {
            budget().in(FAREWELL);
            try {
                present.reset();
            } catch (SmtpFailure e) {
                present.cut();
            }
            letGo();
        }
        attempts.close();
    }
}
