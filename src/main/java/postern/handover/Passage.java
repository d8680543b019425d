package postern.handover;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.cleanup.Outlet;
import postern.queue.QueueId;
import postern.queue.Report;
import postern.smtp.Answer;
import postern.smtp.Envelope;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.client.MailFrom;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.EightBitMime;
import postern.smtp.extension.Size;
import postern.smtp.extension.SmtpUtf8;

/// One message on its way through. Confined to the session's thread.
final class Passage implements Outlet {
    private static final Reply OTHER_HOP = Reply.of("452 4.5.3 Recipient of another next hop: one message for each");
    private static final Reply TOO_MANY = Reply.of("452 4.5.3 Too many next hops for one message");
    private static final Reply OK = Reply.of("250 2.1.5 Ok");

    private final PassThrough house;
    private final QueueId id;
    private final MailFrom from;
    private final Imprint imprint;
    private final Legs legs = new Legs();
    private final Copies copies = new Copies();
    private final Settlement settlement;
    private @Nullable ByteBuffer held;
    private boolean again;
    private boolean streaming;

    Passage(PassThrough house, QueueId id, Envelope envelope) {
        this.house = house;
        this.id = id;
        this.from = new MailFrom(
                envelope.sender(),
                envelope.params(),
                envelope.peer(),
                id.toString(),
                envelope.params().get(Size.SIZE, 0L),
                envelope.params().get(EightBitMime.BODY),
                envelope.params().has(SmtpUtf8.SMTPUTF8),
                null);
        this.imprint = new Imprint(house.ledger(), envelope.sender());
        this.settlement = new Settlement(house, from, legs, imprint);
    }

    @Override
    public QueueId id() {
        return id;
    }

    @Override
    public boolean keeps() {
        return false;
    }

    /// Next hops are asked side by side. Where one answer hangs on others, these are waited for.
    @Override
    public Supplier<Reply> ask(List<Recipient> recipients) {
        Recipient recipient = recipients.getFirst();
        if (recipients.size() > 1 || legs.inquiries().isAbout(recipient) || copies.of(recipient) != null) {
            return Outlet.super.ask(recipients);
        }
        Way way = find(recipient);
        Copy copy = way instanceof Way.To to && mayBeAskedNow(to) ? copy(to, recipient) : null;
        if (copy == null) {
            Reply reply = rcpt(recipients, way);
            return () -> reply;
        }
        return legs.inquiries().ask(recipient, copy, reply -> {
            if (reply.isPositive()) {
                copies.add(Map.of(recipient.address().key(), copy));
            }
            legs.dropEmpty();
        });
    }

    private boolean mayBeAskedNow(Way.To to) {
        return !to.ours() || legs.all().stream().allMatch(leg -> leg.way().key().equals(to.key()));
    }

    private Way find(Recipient recipient) {
        return house.ways().find(from.sender(), recipient.address());
    }

    @Override
    public Reply rcpt(List<Recipient> recipients) {
        return rcpt(recipients, find(recipients.getFirst()));
    }

    /// @param first the way of the first
    private Reply rcpt(List<Recipient> recipients, Way first) {
        legs.inquiries().settle();
        Map<String, Copy> becomes = new LinkedHashMap<>(2);
        List<Copy> fresh = new ArrayList<>(recipients.size());
        Reply reply = OK;
        for (Recipient recipient : recipients) {
            Copy before = copies.of(recipient);
            if (before == null) {
                reply = rcpt(recipient, recipient == recipients.getFirst() ? first : find(recipient), becomes, fresh);
            } else {
                becomes.put(recipient.address().key(), before);
            }
            if (!reply.isPositive()) {
                // all of them or none: the answer is one
                fresh.forEach(copy -> copy.leg().withdraw(copy));
                break;
            }
        }
        if (reply.isPositive()) {
            copies.add(becomes);
        }
        legs.dropEmpty();
        return reply;
    }

    private Reply rcpt(Recipient recipient, Way way, Map<String, Copy> becomes, List<Copy> fresh) {
        return switch (way) {
            case Way.Refused(Reply reply) -> reply;
            case Way.Discarded() -> OK;
            case Way.To to -> {
                if (fresh.isEmpty() && isForAnotherTime(to)) {
                    yield OTHER_HOP;
                }
                Copy copy = copy(to, recipient);
                if (copy == null) {
                    yield TOO_MANY;
                }
                Reply reply = copy.leg().rcpt(copy, copy.leg().time());
                if (reply.isPositive()) {
                    becomes.put(recipient.address().key(), copy);
                    fresh.add(copy);
                }
                yield reply;
            }
        };
    }

    /// A recipient's copy; null when there are too many next hops.
    private @Nullable Copy copy(Way.To to, Recipient recipient) {
        Recipient sent = to.address().equals(recipient.address()) ? recipient : recipient.withAddress(to.address());
        Leg leg = leg(to, sent);
        return leg == null ? null : new Copy(sent, leg);
    }

    /// The leg that takes a recipient; null when there are too many.
    private @Nullable Leg leg(Way.To to, Recipient recipient) {
        long group = imprint.group(recipient);
        again |= group != 0;
        String key = group == 0 ? to.key() : to.key() + "\n" + group;
        Leg leg = legs.find(key);
        if (leg == null && legs.size() < house.fanout()) {
            leg = new Leg(house, to, from);
            legs.put(key, leg);
        }
        return leg;
    }

    /// Mail for next hops of ours may come from strangers: one transaction goes to one of them, or to those
    /// of one alias.
    private boolean isForAnotherTime(Way.To to) {
        return !legs.isEmpty()
                && to.ours()
                && legs.all().stream()
                        .allMatch(leg -> leg.way().ours() && !leg.way().key().equals(to.key()));
    }

    @Override
    public void received(ByteBuffer piece) {
        imprint.update(piece, this::isKnownLater);
    }

    /// Whether the message may come again for some of its recipients, or because a reply is lost; or has.
    private boolean isKnownLater() {
        return again || copies.areSeveral() || copies.all().stream().anyMatch(Copy::isUnderId);
    }

    @Override
    public void write(ByteBuffer piece) {
        if (!streaming) {
            ByteBuffer into = house.store().fit(held, piece.remaining());
            if (into != null) {
                held = into;
                into.put(piece);
                return;
            }
            stream();
        }
        send(piece);
        piece.position(piece.limit());
    }

    /// Begins the text with the next hops, with what is held of it.
    private void stream() {
        streaming = true;
        legs.each(Leg::data);
        send(beginning());
        if (!copies.areSeveral() && !mayBeTold()) {
            giveBack();
        }
    }

    /// Whether a notice may be sent, which holds the header: success or an alias is to be told of.
    private boolean mayBeTold() {
        return copies.all().stream().anyMatch(copy -> copy.recipient().params().has(Dsn.NOTIFY))
                && house.notices().knows(from.peer());
    }

    private void send(ByteBuffer piece) {
        legs.each(leg -> leg.write(piece));
        // a leg that failed may belong to recipients who have the message: the end will tell
        if (!again && !legs.isEmpty() && legs.haveEnded()) {
            throw new Reply.Refused(Settlement.refusal(copies.all()));
        }
    }

    /// What is held of the text: all of it, or what it began with.
    private ByteBuffer beginning() {
        ByteBuffer present = held;
        return present == null ? ByteBuffer.allocate(0) : present.duplicate().flip();
    }

    @Override
    public Answer commit(Complete message) {
        if (legs.isEmpty()) {
            return new Answer(Settlement.DISCARDED);
        }
        try {
            Repeat repeat = new Repeat(house, imprint);
            if (again) {
                leaveOutWhoHasIt(repeat);
            }
            ByteBuffer text = beginning();
            legs.each(streaming ? Leg::end : leg -> leg.whole(text.duplicate()));
            List<Copy> all = copies.all();
            all.forEach(this::log);
            repeat.note(all);
            Answer answer = repeat.settle(settlement.answer(copies, message.mail(), text));
            List<Report> relayed = Relayed.of(all, message.expanded(), answer.forAll());
            if (!relayed.isEmpty()) {
                // the notice may want a connection to one of these next hops
                legs.all().forEach(Leg::close);
                house.notices().relayed(message.mail(), relayed, text);
            }
            return answer;
        } finally {
            close();
        }
    }

    /// Their copy is cut before its final dot.
    private void leaveOutWhoHasIt(Repeat repeat) {
        imprint.end();
        legs.forAll(legs.all(), repeat::look);
        legs.forAll(legs.all().stream().filter(Leg::hasEnded).toList(), Leg::abort);
    }

    /// As the queue's deliveries have it: there was no queue between.
    private void log(Copy copy) {
        Reply reply = copy.answer();
        house.log()
                .info(
                        copy.leg().way().service(),
                        id + ": to=<" + copy.recipient().address().internal() + ">, relay="
                                + copy.leg().relay() + ", dsn="
                                + (reply.status() == null ? reply.code() / 100 + ".0.0" : reply.status())
                                + ", status="
                                + (reply.isPositive() ? "sent" : reply.isPermanent() ? "bounced" : "deferred")
                                + " (" + reply + ")");
    }

    @Override
    public void abort() {
        legs.inquiries().end();
        legs.forAll(legs.all(), Leg::abort);
        giveBack();
    }

    private void close() {
        legs.forAll(legs.all(), Leg::close);
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
