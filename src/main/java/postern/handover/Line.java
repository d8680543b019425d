package postern.handover;

import org.jspecify.annotations.Nullable;
import postern.smtp.client.Attempts;
import postern.smtp.client.SmtpDialog;
import postern.smtp.client.SmtpFailure;

/// One of a next hop's connections, for as long as a message has it. It goes from server to server until
/// one is ready. Confined to the thread that has it.
final class Line {
    private final Attempts attempts;
    private @Nullable SmtpDialog dialog;

    Line(Attempts attempts) {
        this.attempts = attempts;
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
