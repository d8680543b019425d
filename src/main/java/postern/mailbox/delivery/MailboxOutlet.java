package postern.mailbox.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.cleanup.Outlet;
import postern.log.MailLog;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.queue.Mail;
import postern.queue.QueueId;
import postern.smtp.Answer;
import postern.smtp.Envelope;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.Prdr;
import postern.smtp.extension.Size;
import postern.smtp.extension.XHandover;

/// The way of a message whose recipients all live here: into their mailboxes, before the client hears 250. One
/// that has another recipient, or a sender who wants a notice, goes into the queue as a whole. Confined to the
/// session's thread.
///
/// A mailbox that is full is said at RCPT, with the size that MAIL gave. One that turns out to be too full for
/// the whole text is said after it, where the client hears each recipient (LMTP, PRDR); else the message
/// goes into the mailboxes that have room, and for the others into the queue, which tells the sender.
public final class MailboxOutlet implements Outlet {
    private static final String SERVICE = "mailbox";
    private static final int PIECE = 64 * 1024;

    private final Opener behind;
    private final Envelope envelope;
    private final Outlet queue;
    private final Map<String, Residents.Entry> here = new LinkedHashMap<>(1);
    private final List<List<Recipient>> byRcpt = new ArrayList<>(1);
    private final SpamMark spam = new SpamMark();
    private boolean queued;
    private @Nullable Incoming incoming;
    private long size;

    /// Begins messages.
    ///
    /// @param queue the way of what does not go straight into mailboxes
    /// @param endsHere whether mail from a sender to a recipient is routed to the mailboxes here
    /// @param direct whether mail for mailboxes alone goes there without the queue
    public record Opener(
            Residents residents,
            Placing placing,
            Outlet.Opener queue,
            BiPredicate<Path, Address> endsHere,
            boolean direct,
            MailLog log)
            implements Outlet.Opener {
        /// @throws Reply.Refused also for a hand-over id that was used before
        @Override
        public Outlet open(Envelope envelope) {
            HandoverId id = envelope.params().get(XHandover.ID);
            try {
                if (id != null && residents.store().hasTaken(id.toString())) {
                    throw new Reply.Refused("451 4.5.0 Error: this hand-over id has been used");
                }
            } catch (IOException e) {
                log.warning(SERVICE, "hand-over ids cannot be looked up: " + e.getMessage());
                throw new Reply.Refused("451 4.3.0 Error: mailboxes cannot be read");
            }
            return new MailboxOutlet(this, envelope);
        }

        @Override
        public @Nullable Fates fates() {
            Fates fates = queue.fates();
            return fates == null ? null : new StoreFates(residents.store(), fates, log);
        }

        @Override
        public boolean answersEach() {
            return true;
        }
    }

    private MailboxOutlet(Opener behind, Envelope envelope) {
        this.behind = behind;
        this.envelope = envelope;
        this.queue = behind.queue().open(envelope);
        this.queued = !behind.direct();
    }

    @Override
    public QueueId id() {
        return queue.id();
    }

    @Override
    public Reply rcpt(List<Recipient> recipients) {
        Map<String, Residents.Entry> added = new LinkedHashMap<>(1);
        List<Reply> full = new ArrayList<>(0);
        boolean elsewhere = false;
        for (Recipient recipient : recipients) {
            Residents.Entry entry;
            try {
                entry = behind.endsHere().test(envelope.sender(), recipient.address())
                        ? behind.residents().find(recipient.address())
                        : null;
            } catch (IOException e) {
                behind.log().warning(SERVICE, id() + ": accounts cannot be looked up: " + e.getMessage());
                return Residents.away(recipient.address());
            }
            elsewhere |= entry == null || wantsNotice(recipient);
            if (entry != null) {
                Reply refusal = behind.residents()
                        .refusal(entry, recipient.address(), envelope.params().get(Size.SIZE, 0L));
                if (refusal != null) {
                    full.add(refusal);
                }
                added.put(recipient.address().key(), entry);
            }
        }
        if (full.size() == recipients.size() || full.stream().anyMatch(Reply::isTransient)) {
            return full.getFirst();
        }
        here.putAll(added);
        byRcpt.add(recipients);
        // of several that an alias stands for, those that are full get theirs back from the queue
        queued |= elsewhere || !full.isEmpty();
        return queue.rcpt(recipients);
    }

    /// Whether the sender is to be told of success: of delivery, or that an alias led on. Of the latter the queue is
    /// told apart, and what is left of NOTIFY does not say whether SUCCESS was among it.
    private static boolean wantsNotice(Recipient recipient) {
        Set<Dsn.Notify> notify = recipient.params().get(Dsn.NOTIFY);
        return notify != null
                && (notify.contains(Dsn.Notify.SUCCESS) || !recipient.address().equals(recipient.original()));
    }

    @Override
    public void write(ByteBuffer piece) {
        if (queued) {
            queue.write(piece);
            return;
        }
        spam.look(piece);
        size += piece.remaining();
        try {
            text().write(piece);
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private Incoming text() throws IOException {
        Incoming present = incoming;
        if (present == null) {
            present = behind.residents().store().incoming();
            incoming = present;
        }
        return present;
    }

    private Reply.Refused refused(IOException e) {
        behind.log().warning(SERVICE, id() + ": mailboxes cannot be written: " + e.getMessage());
        return new Reply.Refused(
                isFull(e) ? "452 4.3.1 Insufficient system storage" : "451 4.3.0 Error: mailbox write error");
    }

    /// Whether there is no room, and the disk is not broken: in the words of the system, and of databases.
    private static boolean isFull(IOException e) {
        String why = String.valueOf(e.getMessage());
        return why.contains("No space left") || why.contains("quota exceeded") || why.contains("disk is full");
    }

    @Override
    public Answer commit(Complete message) {
        if (queued) {
            return queue.commit(message);
        }
        List<Recipient> recipients = message.mail().recipients();
        if (message.hold() || !here.keySet().containsAll(keys(recipients))) {
            behind.log().warning(SERVICE, id() + ": HOLD, REDIRECT and BCC of access tables need the queue");
            throw new Reply.Refused("451 4.3.5 Server configuration error");
        }
        try {
            return deliver(message, recipients);
        } catch (IOException e) {
            throw refused(e);
        } finally {
            abort();
        }
    }

    private static List<String> keys(List<Recipient> recipients) {
        return recipients.stream().map(recipient -> recipient.address().key()).toList();
    }

    private Residents.Entry entry(Recipient recipient) {
        return Objects.requireNonNull(here.get(recipient.address().key()));
    }

    private Answer deliver(Complete message, List<Recipient> recipients) throws IOException {
        List<Recipient> room = new ArrayList<>();
        List<Recipient> full = new ArrayList<>(0);
        for (Recipient recipient : recipients) {
            Residents.Entry entry = entry(recipient);
            (entry.quota().hasRoom(behind.residents().used(entry), size) ? room : full).add(recipient);
        }
        if (full.isEmpty()) {
            put(message.mail(), room, ids());
            return new Answer(Reply.of("250 2.0.0 Ok: delivered as " + id()));
        }
        List<Reply> each = byRcpt.stream().map(rcpt -> answer(rcpt, full)).toList();
        if (room.isEmpty()) {
            return new Answer(each.getFirst(), each);
        }
        boolean isSaid = byRcpt.stream()
                .allMatch(rcpt -> full.containsAll(rcpt) || rcpt.stream().noneMatch(full::contains));
        if (hearsEach() && isSaid) {
            put(message.mail(), room, Set.of());
            return new Answer(Reply.of("250 2.0.0 Ok: delivered as " + id()), each);
        }
        List<MessageRef> delivered = put(message.mail(), room, Set.of());
        return queueFor(full, message, delivered.getFirst());
    }

    private Set<String> ids() {
        HandoverId id = envelope.params().get(XHandover.ID);
        return id == null ? Set.of() : Set.of(id.toString());
    }

    /// Whether the client learns of each recipient after the text. Under a hand-over id it does too, but could ask
    /// later only for all of them.
    private boolean hearsEach() {
        return !envelope.params().has(XHandover.ID)
                && (envelope.params().has(Prdr.PRDR)
                        || envelope.peer().protocol().contains("LMTP"));
    }

    private Reply answer(List<Recipient> rcpt, List<Recipient> full) {
        return full.containsAll(rcpt)
                ? Reply.of("552 5.2.2 <" + rcpt.getFirst().original() + ">: Mailbox is full")
                : Reply.of("250 2.0.0 <" + rcpt.getFirst().original() + "> Ok: delivered as " + id());
    }

    private List<MessageRef> put(Mail mail, List<Recipient> recipients, Set<String> ids) throws IOException {
        List<Deposit.To> places = new ArrayList<>();
        for (Recipient recipient : recipients) {
            Residents.Entry entry = entry(recipient);
            places.add(new Deposit.To(entry, behind.placing().place(entry.account(), mail, recipient, spam.isFound())));
        }
        List<MessageRef> messages = new Deposit(behind.residents(), behind.log()).put(text(), places, ids);
        for (int i = 0; i < places.size(); i++) {
            Incoming.Place place = places.get(i).place();
            log(recipients.get(i), "2.0.0, status=sent (delivered to " + place.mailbox() + " of " + place.account());
        }
        return messages;
    }

    private void log(Recipient recipient, String outcome) {
        String to = "to=<" + recipient.address().internal() + ">";
        String given = recipient.address().equals(recipient.original())
                ? ""
                : ", orig_to=<" + recipient.original().internal() + ">";
        behind.log().info(SERVICE, id() + ": " + to + given + ", relay=mailbox, dsn=" + outcome + ")");
    }

    /// The queue tells the sender of those whose mailboxes are full. It is the last to have the message, and has its
    /// hand-over id.
    private Answer queueFor(List<Recipient> full, Complete message, MessageRef delivered) throws IOException {
        MailboxStore store = behind.residents().store();
        byte[] piece = new byte[PIECE];
        try (InputStream in = store.open(delivered, delivered.frontBytes().length)) {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                queue.write(ByteBuffer.wrap(piece, 0, count));
            }
        }
        return queue.commit(new Complete(message.mail().withRecipients(full), List.of(), false));
    }

    @Override
    public void abort() {
        Incoming present = incoming;
        incoming = null;
        if (present != null) {
            present.close();
        }
        queue.abort();
    }
}
