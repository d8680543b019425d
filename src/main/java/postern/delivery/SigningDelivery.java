package postern.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import postern.log.MailLog;
import postern.mailauth.DkimOutcome;
import postern.mailauth.DkimSigner;
import postern.mailauth.SigningIdentity;
import postern.queue.Body;
import postern.queue.DeliveryAgent;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryResult;
import postern.queue.DeliveryStatus;
import postern.queue.Mail;
import postern.smtp.EnhancedStatus;

/// Signs our own mail on its way out (RFC 6376), and leaves the delivery to another agent. The text is read twice:
/// once to be hashed, then behind its signature. It is never held, and what is signed is what goes out: lines that
/// are too long for the next hop are broken first, where they would be broken behind the signature.
public final class SigningDelivery implements DeliveryAgent {
    private static final String SERVICE = "dkim";

    private final DeliveryAgent agent;
    private final DkimSigner signer;
    private final Predicate<Mail> signed;
    private final int lineLimit;
    private final MailLog log;

    /// @param signed which mail is signed: none but [#isOurs]
    /// @param lineLimit the agent's `smtp_line_length_limit`; 0 when it breaks no lines
    public SigningDelivery(DeliveryAgent agent, DkimSigner signer, Predicate<Mail> signed, int lineLimit, MailLog log) {
        this.agent = agent;
        this.signer = signer;
        this.signed = signed;
        this.lineLimit = lineLimit;
        this.log = log;
    }

    /// Whether mail came with a login, or was made here. Where it came from gives no right to a signature.
    public static boolean isOurs(Mail mail) {
        return mail.isNotice() || !mail.peer().login().isEmpty();
    }

    @Override
    public boolean isFinal() {
        return agent.isFinal();
    }

    @Override
    public DeliveryResult deliver(DeliveryRequest request) {
        if (!signed.test(request.mail())) {
            return agent.deliver(request);
        }
        DkimOutcome outcome;
        BrokenLines text;
        try (Body kept = request.text().open()) {
            text = new BrokenLines(kept, lineLimit);
            outcome = signer.sign(text::read);
        } catch (IOException e) {
            return unreadable(request);
        }
        return switch (outcome) {
            case DkimOutcome.NotAdded(String why) -> {
                log.info(SERVICE, request.mail().id() + ": " + why);
                yield agent.deliver(request);
            }
            case DkimOutcome.Added(String fields, List<SigningIdentity> by) -> {
                for (SigningIdentity each : by) {
                    log.info(SERVICE, request.mail().id() + ": DKIM-Signature field added (" + each + ")");
                }
                yield agent.deliver(with(fields.getBytes(StandardCharsets.US_ASCII), lined(request, text)));
            }
        };
    }

    /// The request with the text as it was signed.
    private DeliveryRequest lined(DeliveryRequest request, BrokenLines read) {
        if (read.broken() == 0) {
            return request;
        }
        log.info(SERVICE, request.mail().id() + ": breaking line > " + lineLimit + " bytes with <CR><LF>SPACE");
        long size = read.size();
        return with(request, size, () -> new BrokenLines(request.text().open(), lineLimit, size));
    }

    private static DeliveryRequest with(DeliveryRequest request, long size, DeliveryRequest.Text text) {
        return new DeliveryRequest(
                request.mail().withSize(size),
                request.recipients(),
                request.transport(),
                request.nextHop(),
                request.tries(),
                text);
    }

    private static DeliveryRequest with(byte[] front, DeliveryRequest request) {
        long size = request.mail().size() + front.length;
        return with(request, size, () -> new FrontedBody(front, request.text().open()));
    }

    private static DeliveryResult unreadable(DeliveryRequest request) {
        DeliveryStatus status = new DeliveryStatus.Deferred(
                new EnhancedStatus(4, 3, 0), "none", "the message cannot be read from the queue", null, "");
        return new DeliveryResult(
                Collections.nCopies(request.recipients().size(), status), Duration.ZERO, Duration.ZERO, false);
    }
}
