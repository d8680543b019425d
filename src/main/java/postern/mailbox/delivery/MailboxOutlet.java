package postern.mailbox.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.cleanup.Outlet;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Incoming;
import postern.queue.QueueId;
import postern.smtp.Answer;
import postern.smtp.Envelope;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.Size;

/// The way of a message whose recipients all live here: into their mailboxes, before the client hears 250. One
/// that has another recipient, or a sender who wants a notice, goes into the queue as a whole. Confined to the
/// session's thread.
public final class MailboxOutlet implements Outlet {
    private static final String SERVICE = "mailbox";

    private final Opener behind;
    private final Envelope envelope;
    private final Outlet queue;
    private final Map<String, AccountName> here = new LinkedHashMap<>(1);
    private final SpamMark spam = new SpamMark();
    private boolean queued;
    private @Nullable Incoming incoming;

    /// Begins messages. Hand-over ids are not committed with mail that goes straight into mailboxes: none are
    /// taken.
    ///
    /// @param queue the way of what does not go straight into mailboxes
    public record Opener(Residents residents, Placing placing, Outlet.Opener queue, MailLog log)
            implements Outlet.Opener {
        @Override
        public Outlet open(Envelope envelope) {
            return new MailboxOutlet(this, envelope);
        }
    }

    private MailboxOutlet(Opener behind, Envelope envelope) {
        this.behind = behind;
        this.envelope = envelope;
        this.queue = behind.queue().open(envelope);
    }

    @Override
    public QueueId id() {
        return queue.id();
    }

    @Override
    public Reply rcpt(List<Recipient> recipients) {
        Map<String, AccountName> added = new LinkedHashMap<>(1);
        for (Recipient recipient : recipients) {
            Residents.Entry entry = behind.residents().find(recipient.address());
            if (entry == null || Dsn.wants(recipient.params(), Dsn.Notify.SUCCESS)) {
                queued = true;
            }
            if (entry != null) {
                Reply full = behind.residents()
                        .refusal(entry, recipient.address(), envelope.params().get(Size.SIZE, 0L));
                if (full != null) {
                    return full;
                }
                added.put(recipient.address().key(), entry.account());
            }
        }
        here.putAll(added);
        return queue.rcpt(recipients);
    }

    @Override
    public void write(ByteBuffer piece) {
        if (queued) {
            queue.write(piece);
            return;
        }
        spam.look(piece);
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
        return new Reply.Refused("451 4.3.0 Error: mailbox write error");
    }

    @Override
    public Answer commit(Complete message) {
        if (queued) {
            return queue.commit(message);
        }
        if (message.hold() || !here.keySet().containsAll(keys(message))) {
            behind.log()
                    .warning(
                            SERVICE,
                            id()
                                    + ": HOLD, REDIRECT and BCC cannot be done with mail that goes straight into mailboxes;"
                                    + " postern_mailbox_intake = queue has them");
            throw new Reply.Refused("451 4.3.5 Server configuration error");
        }
        List<Incoming.Place> places = new ArrayList<>();
        for (Recipient recipient : message.mail().recipients()) {
            AccountName account = here.get(recipient.address().key());
            places.add(behind.placing()
                    .place(
                            Objects.requireNonNull(account),
                            message.mail().sender(),
                            recipient,
                            spam.isFound(),
                            envelope.arrival()));
        }
        try {
            text().commit(places);
        } catch (IOException e) {
            throw refused(e);
        } finally {
            abort();
        }
        log(message.mail().recipients(), places);
        return new Answer(Reply.of("250 2.0.0 Ok: delivered as " + id()));
    }

    private static List<String> keys(Complete message) {
        return message.mail().recipients().stream()
                .map(recipient -> recipient.address().key())
                .toList();
    }

    private void log(List<Recipient> recipients, List<Incoming.Place> places) {
        for (int i = 0; i < places.size(); i++) {
            behind.log()
                    .info(
                            SERVICE,
                            id() + ": to=<" + recipients.get(i).address().internal()
                                    + ">, relay=mailbox, dsn=2.0.0, status=sent (delivered to "
                                    + places.get(i).mailbox() + " of "
                                    + places.get(i).account() + ")");
        }
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
