package postern.queue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import postern.smtp.Answer;
import postern.smtp.Directive;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.SmtpUtf8;

/// What `cleanup` is to notices, in a few lines.
final class NoticeIntake implements Handover {
    private final Envelope envelope;
    private final Queue.Incoming incoming;
    private final Consumer<Mail> arrived;
    private final List<Recipient> recipients = new ArrayList<>();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    NoticeIntake(Envelope envelope, Queue.Incoming incoming, Consumer<Mail> arrived) {
        this.arrived = arrived;
        this.envelope = envelope;
        this.incoming = incoming;
    }

    @Override
    public String id() {
        return incoming.id().toString();
    }

    @Override
    public Reply rcpt(Recipient recipient) {
        recipients.add(recipient);
        return Reply.of("250 2.1.5 Ok");
    }

    @Override
    public void direct(Directive directive) {
        throw new IllegalStateException("not for notices: " + directive);
    }

    @Override
    public void write(ByteBuffer piece) {
        text.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        incoming.write(piece);
    }

    @Override
    public Answer commit() {
        byte[] all = text.toByteArray();
        boolean eightBit = false;
        for (byte b : all) {
            eightBit |= b < 0;
        }
        Mail mail = new Mail(
                incoming.id(),
                envelope.sender(),
                envelope.params(),
                envelope.peer(),
                envelope.arrival(),
                recipients,
                all.length,
                "<" + id() + "@x>",
                eightBit,
                envelope.params().has(SmtpUtf8.SMTPUTF8),
                "",
                envelope.peer().equals(Peer.LOCAL));
        incoming.commit(mail);
        arrived.accept(mail);
        return new Answer(Reply.of("250 2.0.0 Ok: queued as " + id()));
    }

    @Override
    public void abort() {
        incoming.abort();
    }
}
