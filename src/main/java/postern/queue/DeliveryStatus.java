package postern.queue;

import org.jspecify.annotations.Nullable;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;

/// What became of one recipient. Log, retry, bounce and DSN read the same object (RFC 3464 §2.3).
public sealed interface DeliveryStatus {
    /// RFC 3463.
    EnhancedStatus status();

    /// Who decided: `mx.example.net[192.0.2.1]:25`, `none`, `local`.
    String relay();

    /// For a person: `host mx.example.net[192.0.2.1] said: 550 5.1.1 … (in reply to RCPT TO command)`.
    String text();

    /// The next hop's own words, for Diagnostic-Code; null when none were spoken.
    @Nullable
    Reply reply();

    /// The name for Remote-MTA (RFC 3464 §2.3.5); empty when none took part.
    String remoteMta();

    /// @param dsnCapable whether the next hop takes over DSN duties; when not, a SUCCESS notice is "relayed"
    ///     (RFC 3461 §5.2.2)
    record Sent(
            EnhancedStatus status,
            String relay,
            String text,
            @Nullable Reply reply,
            String remoteMta,
            boolean dsnCapable)
            implements DeliveryStatus {}

    record Deferred(
            EnhancedStatus status,
            String relay,
            String text,
            @Nullable Reply reply,
            String remoteMta) implements DeliveryStatus {}

    record Bounced(
            EnhancedStatus status,
            String relay,
            String text,
            @Nullable Reply reply,
            String remoteMta) implements DeliveryStatus {}
}
