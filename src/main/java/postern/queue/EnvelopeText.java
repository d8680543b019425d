package postern.queue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import postern.smtp.Param;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;

/// What is known of a message besides its text, for people: as postcat(1) writes it.
final class EnvelopeText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private final StringBuilder out = new StringBuilder();

    private EnvelopeText() {}

    static String of(Queued queued) {
        EnvelopeText text = new EnvelopeText();
        text.message(queued);
        for (int place = 0; place < queued.mail().recipients().size(); place++) {
            text.recipient(queued.mail().recipients().get(place), queued.open().get(place));
        }
        return text.out.toString();
    }

    /// A time as mailq(1) and postcat(1) show it: `Sun Nov 22 16:07:34 2026`.
    static String time(Instant time) {
        return TIME.format(time);
    }

    private void message(Queued queued) {
        Mail mail = queued.mail();
        line("message_size", Long.toString(mail.size()));
        line("message_arrival_time", time(mail.arrival()));
        line("tries", Integer.toString(queued.tries()));
        line("due", time(queued.due()));
        Peer peer = mail.peer();
        if (!peer.equals(Peer.LOCAL)) {
            line("named_attribute", "log_client_name=" + peer.name());
            line("named_attribute", "log_client_address=" + peer.address());
            line("named_attribute", "log_client_port=" + peer.port());
            line("named_attribute", "log_helo_name=" + peer.helo());
            line("named_attribute", "log_protocol_name=" + peer.protocol());
        }
        if (!peer.login().isEmpty()) {
            line("named_attribute", "sasl_method=" + peer.loginMethod());
            line("named_attribute", "sasl_username=" + peer.login());
        }
        if (!mail.filter().isEmpty()) {
            line("content_filter", mail.filter());
        }
        params(mail.params());
        line("sender", mail.sender().internal());
    }

    private void recipient(Recipient recipient, boolean open) {
        params(recipient.params());
        line("original_recipient", recipient.original().internal());
        line(open ? "recipient" : "done_recipient", recipient.address().internal());
    }

    private void params(Params params) {
        for (Param<?> param : params.params()) {
            line("named_attribute", params.wire(param).strip());
        }
    }

    private void line(String name, String value) {
        out.append(name).append(": ").append(value).append('\n');
    }
}
