package postern.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import postern.address.Path;
import postern.log.MailLog;
import postern.queue.DeliveryAgent;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryResult;
import postern.smtp.client.Attempts;
import postern.smtp.client.SmtpClient;
import postern.smtp.client.SmtpDialog;

/// Delivers over SMTP or LMTP, as its client does: to one server after the other, until each recipient is
/// taken, refused for good, or no server is left.
///
/// Recipients that a server refuses for the moment are offered to the next, unless the connection was lost
/// after the end of data: then the message may have been taken, and waits (RFC 1047).
public final class SmtpDelivery implements DeliveryAgent {
    private final SmtpClient client;
    private final MailLog log;
    private final String service;
    private final InstantSource clock;

    /// @param service what the log calls it: `smtp`, `relay/smtp`, `lmtp`
    public SmtpDelivery(SmtpClient client, MailLog log, String service, InstantSource clock) {
        this.client = client;
        this.log = log;
        this.service = service;
        this.clock = clock;
    }

    @Override
    public DeliveryResult deliver(DeliveryRequest request) {
        Instant begun = clock.instant();
        Instant ready = begun;
        Progress progress = new Progress(request);
        Path sender = request.mail().sender();
        try (Attempts attempts = client.attempts(
                request.nextHop(), sender.address(), request.mail().id().toString())) {
            while (progress.hasOpen()) {
                SmtpDialog dialog = attempts.next();
                ready = clock.instant();
                if (dialog == null) {
                    progress.giveUp(attempts);
                    break;
                }
                boolean reused = attempts.isReused();
                if (request.mail().eightBit() && !dialog.features().offers("8BITMIME")) {
                    log.info(
                            service,
                            request.mail().id() + ": " + dialog.relay()
                                    + " does not offer 8BITMIME; the text goes as it is");
                }
                progress.over(dialog);
                attempts.release(dialog);
                tellWhatGoesOn(request, attempts, progress, reused);
            }
        }
        return new DeliveryResult(
                progress.statuses(),
                Duration.between(begun, ready),
                Duration.between(ready, clock.instant()),
                progress.nextHopFailed());
    }

    /// What the final status will not say: why recipients go on to another server, and that lines were
    /// broken. That a rested dialog was dead says nothing of the mail.
    private void tellWhatGoesOn(DeliveryRequest request, Attempts attempts, Progress progress, boolean reused) {
        int broken = progress.takeBrokenLines();
        if (broken > 0) {
            log.info(service, request.mail().id() + ": breaking line > " + broken + " bytes with <CR><LF>SPACE");
        }
        if (progress.hasOpen() && attempts.hasMore() && !(reused && progress.lastWasLost())) {
            List<String> reasons = progress.openReasons();
            for (String reason : reasons) {
                log.info(service, request.mail().id() + ": " + reason);
            }
        }
    }
}
