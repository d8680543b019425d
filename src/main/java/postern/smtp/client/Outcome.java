package postern.smtp.client;

import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;

/// What became of one recipient in one dialog.
public sealed interface Outcome {
    /// The server has taken the message for this recipient; the reply is the one to the end of data.
    record Accepted(Reply reply) implements Outcome {
        public EnhancedStatus status() {
            return SmtpFailure.statusOf(reply);
        }

        /// The reply on one line, as the log has it.
        public String text() {
            return SmtpFailure.wire(reply);
        }
    }

    record Failed(SmtpFailure failure) implements Outcome {}
}
