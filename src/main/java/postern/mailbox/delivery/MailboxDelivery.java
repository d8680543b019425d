package postern.mailbox.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.mailbox.Incoming;
import postern.queue.Body;
import postern.queue.DeliveryAgent;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryResult;
import postern.queue.DeliveryStatus;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// Brings mail from the queue into mailboxes.
public final class MailboxDelivery implements DeliveryAgent {
    private static final int PIECE = 64 * 1024;
    private static final EnhancedStatus DELIVERED = new EnhancedStatus(2, 0, 0);
    private static final EnhancedStatus UNKNOWN = new EnhancedStatus(5, 1, 1);
    private static final EnhancedStatus FULL = new EnhancedStatus(5, 2, 2);
    private static final EnhancedStatus FAILED = new EnhancedStatus(4, 3, 0);

    private final Residents residents;
    private final Placing placing;

    public MailboxDelivery(Residents residents, Placing placing) {
        this.residents = residents;
        this.placing = placing;
    }

    @Override
    public boolean isFinal() {
        return true;
    }

    @Override
    public DeliveryResult deliver(DeliveryRequest request) {
        long begun = System.nanoTime();
        List<@Nullable DeliveryStatus> refused = new ArrayList<>();
        List<Recipient> taken = new ArrayList<>();
        for (Recipient recipient : request.recipients()) {
            DeliveryStatus status = refusal(recipient, request.mail().size());
            refused.add(status);
            if (status == null) {
                taken.add(recipient);
            }
        }
        DeliveryStatus outcome = taken.isEmpty() ? sent() : put(request, taken);
        List<DeliveryStatus> statuses = new ArrayList<>();
        for (DeliveryStatus status : refused) {
            statuses.add(status == null ? outcome : status);
        }
        return new DeliveryResult(statuses, Duration.ZERO, Duration.ofNanos(System.nanoTime() - begun), false);
    }

    private @Nullable DeliveryStatus refusal(Recipient recipient, long size) {
        Residents.Entry entry = residents.find(recipient.address());
        if (entry == null) {
            return bounced(UNKNOWN, "unknown user: \"" + recipient.address().internal() + "\"");
        }
        Reply full = residents.refusal(entry, recipient.address(), size);
        return full == null
                ? null
                : full.isPermanent() ? bounced(FULL, "mailbox is full") : deferred("its usage cannot be read");
    }

    private DeliveryStatus put(DeliveryRequest request, List<Recipient> recipients) {
        SpamMark spam = new SpamMark();
        try (Body body = request.text().open();
                Incoming incoming = residents.store().incoming()) {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            while (body.read(piece) >= 0) {
                spam.look(piece.flip());
                incoming.write(piece);
                piece.clear();
            }
            List<Incoming.Place> places = new ArrayList<>();
            for (Recipient recipient : recipients) {
                Residents.Entry entry = residents.find(recipient.address());
                if (entry == null) {
                    return deferred("the accounts have just changed");
                }
                places.add(placing.place(
                        entry.account(),
                        request.mail().sender(),
                        recipient,
                        spam.isFound(),
                        request.mail().arrival()));
            }
            incoming.commit(places);
            return sent();
        } catch (IOException e) {
            return deferred("mailboxes cannot be written: " + e.getMessage());
        }
    }

    private static DeliveryStatus sent() {
        return new DeliveryStatus.Sent(DELIVERED, "mailbox", "delivered to mailbox", null, "", true);
    }

    private static DeliveryStatus bounced(EnhancedStatus status, String text) {
        return new DeliveryStatus.Bounced(status, "mailbox", text, null, "");
    }

    private static DeliveryStatus deferred(String text) {
        return new DeliveryStatus.Deferred(FAILED, "mailbox", text, null, "");
    }
}
