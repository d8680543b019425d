package postern.queue;

import java.time.Duration;
import java.time.Instant;
import postern.config.Parameter;
import postern.log.MailLog;
import postern.smtp.Recipient;

/// What the log says of each message and each recipient, in Postfix's own lines.
final class DeliveryLog {
    static final Parameter<Integer> DELAY_LOGGING_RESOLUTION_LIMIT = Parameter.integer(
                    "delay_logging_resolution_limit", "2")
            .doc("Most digits behind the point in delays below a second, 0 to 6.");

    private final MailLog log;
    private final int resolution;

    DeliveryLog(MailLog log, int resolution) {
        this.log = log;
        this.resolution = Math.clamp(resolution, 0, 6);
    }

    /// When one delivery was begun and over, and what its agent says of the time between.
    record Times(Instant started, Duration connect, Duration transmit, Instant ended) {
        static Times none(Instant now) {
            return new Times(now, Duration.ZERO, Duration.ZERO, now);
        }
    }

    void active(ActiveMail mail) {
        Mail about = mail.mail();
        int open = mail.open().cardinality();
        log.info(
                "qmgr",
                about.id() + ": from=<" + about.sender().internal() + ">, size=" + about.size() + ", nrcpt=" + open
                        + " (queue active)");
    }

    /// @param service `smtp`, `relay/smtp`; `error` for what was deferred without an attempt
    void recipient(String service, ActiveMail mail, Report report, Times times) {
        DeliveryStatus status = report.status();
        log.info(
                service,
                mail.id() + ": " + addressee(report.recipient()) + ", relay=" + status.relay() + ", delay="
                        + delay(mail.mail().arrival(), times.ended()) + ", delays=" + delays(mail, times) + ", dsn="
                        + status.status() + ", status=" + verdict(status) + " (" + status.text() + ")");
    }

    void expired(ActiveMail mail) {
        log.info(
                "qmgr",
                mail.id() + ": from=<" + mail.mail().sender().internal() + ">, status=expired, returned to sender");
    }

    void removed(ActiveMail mail) {
        log.info("qmgr", mail.id() + ": removed");
    }

    private static String addressee(Recipient recipient) {
        String to = "to=<" + recipient.address().internal() + ">";
        return recipient.original().equals(recipient.address())
                ? to
                : to + ", orig_to=<" + recipient.original().internal() + ">";
    }

    private static String verdict(DeliveryStatus status) {
        return switch (status) {
            case DeliveryStatus.Sent _ -> "sent";
            case DeliveryStatus.Deferred _ -> "deferred";
            case DeliveryStatus.Bounced _ -> "bounced";
        };
    }

    /// Before the queue manager, in it, connecting, transmitting.
    private String delays(ActiveMail mail, Times times) {
        return delay(mail.mail().arrival(), mail.since()) + "/" + delay(mail.since(), times.started()) + "/"
                + Delays.format(times.connect(), resolution) + "/" + Delays.format(times.transmit(), resolution);
    }

    private String delay(Instant from, Instant to) {
        return Delays.format(Duration.between(from, to), resolution);
    }
}
