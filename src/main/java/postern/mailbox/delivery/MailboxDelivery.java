package postern.mailbox.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;
import postern.mailbox.Incoming;
import postern.queue.Body;
import postern.queue.DeliveryAgent;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryResult;
import postern.queue.DeliveryStatus;
import postern.queue.QueueId;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// Brings mail from the queue into mailboxes, once: a delivery that the queue does not remember after a crash is
/// recognised by its ids in the store.
public final class MailboxDelivery implements DeliveryAgent {
    private static final int PIECE = 64 * 1024;
    private static final EnhancedStatus DELIVERED = new EnhancedStatus(2, 0, 0);
    private static final EnhancedStatus UNKNOWN = new EnhancedStatus(5, 1, 1);
    private static final EnhancedStatus FULL = new EnhancedStatus(5, 2, 2);
    private static final EnhancedStatus FAILED = new EnhancedStatus(4, 3, 0);

    private final Residents residents;
    private final Placing placing;
    private final Deposit deposit;

    public MailboxDelivery(Residents residents, Placing placing, MailLog log) {
        this.residents = residents;
        this.placing = placing;
        this.deposit = new Deposit(residents, log);
    }

    @Override
    public boolean isFinal() {
        return true;
    }

    @Override
    public DeliveryResult deliver(DeliveryRequest request) {
        long begun = System.nanoTime();
        List<@Nullable DeliveryStatus> known = new ArrayList<>();
        List<Recipient> open = new ArrayList<>();
        for (Recipient recipient : request.recipients()) {
            DeliveryStatus status = known(request, recipient);
            known.add(status);
            if (status == null) {
                open.add(recipient);
            }
        }
        DeliveryStatus outcome = open.isEmpty() ? sent() : put(request, open);
        List<DeliveryStatus> statuses = new ArrayList<>();
        for (DeliveryStatus status : known) {
            statuses.add(status == null ? outcome : status);
        }
        return new DeliveryResult(statuses, Duration.ZERO, Duration.ofNanos(System.nanoTime() - begun), false);
    }

    /// What becomes of a recipient without a delivery; null when it needs one.
    private @Nullable DeliveryStatus known(DeliveryRequest request, Recipient recipient) {
        Residents.Entry entry;
        try {
            entry = residents.find(recipient.address());
        } catch (IOException e) {
            return deferred("accounts cannot be looked up: " + e.getMessage());
        }
        if (entry == null) {
            return bounced(UNKNOWN, "unknown user: \"" + recipient.address().internal() + "\"");
        }
        try {
            if (residents.store().hasTaken(id(request.mail().id(), recipient))) {
                return sent();
            }
        } catch (IOException e) {
            return deferred("mailboxes cannot be read: " + e.getMessage());
        }
        Reply full =
                residents.refusal(entry, recipient.address(), request.mail().size());
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
            List<Deposit.To> places = new ArrayList<>();
            Set<String> ids = new LinkedHashSet<>();
            for (Recipient recipient : recipients) {
                Residents.Entry entry = residents.find(recipient.address());
                if (entry == null) {
                    return deferred("the accounts have just changed");
                }
                ids.add(id(request.mail().id(), recipient));
                places.add(new Deposit.To(
                        entry, placing.place(entry.account(), request.mail(), recipient, spam.isFound())));
            }
            deposit.put(incoming, places, ids);
            return sent();
        } catch (IOException e) {
            return deferred("mailboxes cannot be written: " + e.getMessage());
        }
    }

    /// What one recipient's delivery of one message in the queue is known by.
    private static String id(QueueId message, Recipient recipient) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((message + " " + recipient.address().key()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    private static DeliveryStatus sent() {
        return new DeliveryStatus.Sent(DELIVERED, "mailbox", "delivered to mailbox", null, "", false);
    }

    private static DeliveryStatus bounced(EnhancedStatus status, String text) {
        return new DeliveryStatus.Bounced(status, "mailbox", text, null, "");
    }

    private static DeliveryStatus deferred(String text) {
        return new DeliveryStatus.Deferred(FAILED, "mailbox", text, null, "");
    }
}
