package postern.smtp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An SMTP service extension (RFC 5321 §2.2): its EHLO line and the parameters that it adds to MAIL and RCPT.
/// One file per extension in `smtp.extension`, one row in `Extensions`.
public interface Extension {
    /// In upper case: `PIPELINING`.
    String keyword();

    /// The line in the answer to EHLO, or null when this session is not offered it now.
    default @Nullable String ehlo(Offer offer) {
        return keyword();
    }

    default List<Param<?>> mailParams() {
        return List.of();
    }

    default List<Param<?>> rcptParams() {
        return List.of();
    }

    /// What an EHLO line may depend on.
    ///
    /// @param inTls whether the session is under TLS
    /// @param tlsReady whether TLS could be started
    /// @param sizeLimit `message_size_limit`; 0 means none
    /// @param recipientLimit `smtpd_recipient_limit`
    /// @param mechanisms the SASL mechanisms offered now; empty when AUTH is not
    /// @param xclient whether this peer may say whom it speaks for
    /// @param xforward whether this peer may forward client facts
    /// @param handover whether this peer hands over under ids
    /// @param each whether recipients may have answers of their own after the text
    record Offer(
            boolean inTls,
            boolean tlsReady,
            long sizeLimit,
            int recipientLimit,
            List<String> mechanisms,
            boolean xclient,
            boolean xforward,
            boolean handover,
            boolean each) {}
}
