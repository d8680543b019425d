package postern.handover;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.cleanup.Outlet;
import postern.queue.QueueId;
import postern.smtp.Envelope;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.client.MailFrom;
import postern.smtp.extension.EightBitMime;
import postern.smtp.extension.Size;
import postern.smtp.extension.SmtpUtf8;

/// One message on its way through. Confined to the session's thread.
final class Passage implements Outlet {
    private static final Reply OTHER_HOP = Reply.of("452 4.5.3 Recipient of another next hop: one message for each");
    private static final Reply OK = Reply.of("250 2.1.5 Ok");

    private final PassThrough house;
    private final QueueId id;
    private final Envelope envelope;
    private final MailFrom from;
    private final Map<String, Leg> legs = new LinkedHashMap<>();
    private final List<Recipient> discarded = new ArrayList<>(0);
    private @Nullable ByteBuffer held;
    private boolean streaming;

    Passage(PassThrough house, QueueId id, Envelope envelope) {
        this.house = house;
        this.id = id;
        this.envelope = envelope;
        this.from = new MailFrom(
                envelope.sender(),
                envelope.params(),
                envelope.peer(),
                id.toString(),
                envelope.params().get(Size.SIZE, 0L),
                envelope.params().get(EightBitMime.BODY, EightBitMime.Body.SEVEN_BIT) == EightBitMime.Body.EIGHT_BIT,
                envelope.params().has(SmtpUtf8.SMTPUTF8));
    }

    @Override
    public QueueId id() {
        return id;
    }

    @Override
    public Reply rcpt(List<Recipient> recipients) {
        Reply reply = OK;
        for (int i = 0; i < recipients.size(); i++) {
            reply = rcpt(recipients.get(i));
            if (!reply.isPositive()) {
                withdraw(recipients.subList(0, i));
                return reply;
            }
        }
        return reply;
    }

    /// All of them or none: the answer is one.
    private void withdraw(List<Recipient> recipients) {
        for (Recipient recipient : recipients) {
            discarded.remove(recipient);
            legs.values().forEach(leg -> leg.withdraw(recipient));
        }
        legs.values().removeIf(leg -> leg.taken().isEmpty());
    }

    private Reply rcpt(Recipient recipient) {
        return switch (house.ways().find(envelope.sender(), recipient.address())) {
            case Way.Refused(Reply reply) -> reply;
            case Way.Discarded() -> {
                discarded.add(recipient);
                yield OK;
            }
            case Way.To to -> rcpt(to, recipient);
        };
    }

    private Reply rcpt(Way.To to, Recipient recipient) {
        Leg leg = legs.get(to.key());
        if (leg == null) {
            if (!legs.isEmpty()) {
                return OTHER_HOP;
            }
            leg = new Leg(house, to, from);
        }
        Address address = to.address();
        Reply reply = leg.rcpt(address.equals(recipient.address()) ? recipient : recipient.withAddress(address));
        if (reply.isPositive()) {
            legs.putIfAbsent(to.key(), leg);
        } else if (leg.taken().isEmpty()) {
            legs.remove(to.key());
            leg.abort();
        }
        return reply;
    }

    @Override
    public void write(ByteBuffer piece) {
        if (!streaming) {
            if (held == null) {
                held = house.store().lend();
            }
            ByteBuffer into = held;
            if (into != null && into.remaining() >= piece.remaining()) {
                into.put(piece);
                return;
            }
            stream();
        }
        refuse(send(piece));
        piece.position(piece.limit());
    }

    /// Begins the text with the next hops, with what is held of it.
    private void stream() {
        streaming = true;
        for (Leg leg : legs.values()) {
            refuse(leg.data());
        }
        ByteBuffer first = held;
        held = null;
        if (first != null) {
            try {
                refuse(send(first.flip()));
            } finally {
                house.store().giveBack(first);
            }
        }
    }

    private @Nullable Reply send(ByteBuffer piece) {
        for (Leg leg : legs.values()) {
            Reply no = leg.write(piece);
            if (no != null) {
                return no;
            }
        }
        return null;
    }

    private static void refuse(@Nullable Reply reply) {
        if (reply != null) {
            throw new Reply.Refused(reply);
        }
    }

    @Override
    public Reply commit(Complete message) {
        Reply reply = Reply.of("250 2.0.0 Ok: discarded");
        ByteBuffer text = held;
        try {
            for (Leg leg : legs.values()) {
                reply = streaming
                        ? leg.end()
                        : leg.whole(
                                text == null
                                        ? ByteBuffer.allocate(0)
                                        : text.duplicate().flip());
                log(leg, reply);
            }
            return reply;
        } finally {
            close();
        }
    }

    /// A line for each recipient, as the queue's deliveries have it: there was no queue between.
    private void log(Leg leg, Reply reply) {
        for (Recipient recipient : leg.taken()) {
            house.log()
                    .info(
                            leg.way().service(),
                            id + ": to=<" + recipient.address().internal() + ">, relay=" + leg.relay() + ", dsn="
                                    + (reply.status() == null ? reply.code() / 100 + ".0.0" : reply.status())
                                    + ", status="
                                    + (reply.isPositive() ? "sent" : reply.isPermanent() ? "bounced" : "deferred")
                                    + " ("
                                    + reply + ")");
        }
    }

    @Override
    public void abort() {
        legs.values().forEach(Leg::abort);
        giveBack();
    }

    private void close() {
        legs.values().forEach(Leg::close);
        giveBack();
    }

    private void giveBack() {
        ByteBuffer present = held;
        held = null;
        if (present != null) {
            house.store().giveBack(present);
        }
    }
}
