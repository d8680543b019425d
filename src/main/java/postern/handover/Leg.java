package postern.handover;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.queue.Ledger;
import postern.smtp.Fates.Fate;
import postern.smtp.HandoverId;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.client.MailFrom;
import postern.smtp.client.SmtpClient;
import postern.smtp.client.SmtpDialog;
import postern.smtp.client.SmtpFailure;
import postern.smtp.client.TargetHost;

/// The part of a message that goes to one next hop. Confined to one thread at a time.
///
/// What the next hop was asked and said lies here too: when the line is lost before the text begins, it is
/// asked again on another.
final class Leg {
    private static final Reply BUSY = Reply.of("451 4.3.2 Next hop is busy, try again later");
    private static final Reply LOST = Reply.of("451 4.4.2 Connection with next hop lost, try again later");
    private static final Reply CHANGED = Reply.of("451 4.3.0 Next hop changed its mind, try again later");

    private final PassThrough house;
    private final Way.To way;
    private final MailFrom from;
    private final Hop hop;
    private final Answers answers;
    private final List<Copy> taken = new ArrayList<>();
    private @Nullable Line line;
    private @Nullable SmtpDialog dialog;
    private boolean streaming;
    private boolean resting;

    Leg(PassThrough house, Way.To way, MailFrom from) {
        this.house = house;
        this.way = way;
        this.from = from;
        this.hop = house.hops().of(way);
        this.answers = new Answers(way, house.log());
    }

    Way.To way() {
        return way;
    }

    /// Those of recipients that the next hop has agreed to.
    List<Copy> taken() {
        return taken;
    }

    /// Whether the answer of each is known.
    boolean hasEnded() {
        return taken.getFirst().isAnswered();
    }

    /// `mx.example[192.0.2.1]:25`; `none` without a connection.
    String relay() {
        SmtpDialog present = dialog;
        return present == null ? "none" : present.relay();
    }

    /// Whether the next hop tells senders itself what became of their mail (RFC 3461).
    boolean takesNotify() {
        SmtpDialog present = dialog;
        return present != null && present.features().offers("DSN");
    }

    /// When a recipient is to be answered who is offered now ([System#nanoTime()]).
    long time() {
        return System.nanoTime() + house.limits().answer().toNanos();
    }

    /// Asks the next hop; then the line rests, so that nobody waits for our client.
    ///
    /// @param end of [#time()]
    Reply rcpt(Copy copy, long end) {
        Reply reply;
        try {
            reply = ask(copy.recipient(), end);
        } catch (SmtpFailure failure) {
            close();
            reply = answers.of(failure);
        }
        if (reply.isPositive()) {
            taken.add(copy);
            SmtpDialog present = dialog;
            copy.underId(present != null && present.handover() != null);
        }
        rest();
        return reply;
    }

    /// The recipient is not to have the message after all: what the next hop knows of it is dropped, and
    /// the others are asked again when the text is there.
    void withdraw(Copy copy) {
        if (taken.remove(copy)) {
            resume();
            close();
        }
    }

    private Reply ask(Recipient recipient, long end) throws SmtpFailure {
        SmtpDialog present = dialog;
        if (present != null && resume()) {
            line().budget().until(end);
            try {
                return answers.of(present.rcpt(recipient), present);
            } catch (SmtpFailure failure) {
                if (failure.isPermanent()) {
                    return answers.of(failure);
                }
                close();
            }
        }
        return begin(recipient, end);
    }

    /// Begins the transaction with some server of the next hop: MAIL, all that were taken before, and one
    /// more.
    private Reply begin(@Nullable Recipient another, long end) throws SmtpFailure {
        List<Recipient> all = new ArrayList<>(taken.size() + 1);
        taken.forEach(copy -> all.add(copy.recipient()));
        if (another != null) {
            all.add(another);
        }
        if (line == null && !open(end)) {
            return BUSY;
        }
        line().budget().until(end);
        while (true) {
            SmtpDialog next = line().ready();
            dialog = next;
            try {
                Reply reply = begin(next, all, another != null);
                if (reply != Answers.OTHER_TROUBLE || !line().hasMore()) {
                    if (dialog == null) {
                        close();
                    }
                    return reply;
                }
            } catch (SmtpFailure failure) {
                if (failure.isPermanent()) {
                    throw failure;
                }
                lost();
            }
        }
    }

    private Reply begin(SmtpDialog next, List<Recipient> all, boolean another) throws SmtpFailure {
        if (from.isEightBit() && !next.features().offers("8BITMIME")) {
            house.log().info(way.service(), from.id() + ": " + next.relay() + " gets 8-bit text without 8BITMIME");
        }
        boolean takesIds = way.ours() && next.features().offers("XHANDOVER");
        List<Reply> replies = next.begin(takesIds ? from.under(house.ids().next()) : from, all);
        if (!replies.getFirst().isPositive()) {
            Reply reply = answers.ofMail(replies.getFirst(), next);
            lost();
            return reply;
        }
        for (int i = 0; i < taken.size(); i++) {
            if (!replies.get(i + 1).isPositive()) {
                // what it has of the message now is not what was promised
                lost();
                return CHANGED;
            }
        }
        return another ? answers.of(replies.getLast(), next) : replies.getFirst();
    }

    private boolean open(long end) {
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        Duration patience = house.limits().line();
        Hop.Permit permit = hop.take(left.compareTo(patience) < 0 ? left : patience);
        if (permit == null) {
            return false;
        }
        Line other = permit.lost();
        if (other != null) {
            other.close();
        }
        line = new Line(way.client()
                .attempts(way.nextHop(), from.sender().address(), from.id(), way.ours() ? from.peer() : null));
        return true;
    }

    private Line line() {
        Line present = line;
        if (present == null) {
            throw new IllegalStateException("no line");
        }
        return present;
    }

    /// Sees to it that the next hop waits for the text.
    ///
    /// @return null, or why it does not
    @Nullable
    Reply ready() {
        if (dialog != null && resume()) {
            return null;
        }
        try {
            // lost, or gone to another message
            Reply reply = begin(null, time());
            return reply.isPositive() ? null : reply;
        } catch (SmtpFailure failure) {
            return answers.of(failure);
        }
    }

    /// Hands over a whole text. Returns why that failed, or null when each recipient has his answer.
    @Nullable
    Reply whole(ByteBuffer text) {
        if (text.hasRemaining() && takesChunks()) {
            Reply no = ready();
            if (no != null) {
                return no;
            }
            line().budget().in(house.limits().done());
            try {
                said(dialog().whole(text));
                return null;
            } catch (SmtpFailure failure) {
                return lostWithText(failure);
            }
        }
        Reply no = data();
        if (no == null) {
            no = write(text);
        }
        return no == null ? end() : no;
    }

    private boolean takesChunks() {
        SmtpDialog present = dialog;
        return present != null && present.features().offers("CHUNKING");
    }

    /// Begins the text. Returns null, or the refusal.
    @Nullable
    Reply data() {
        for (int tries = 0; ; tries++) {
            Reply no = ready();
            if (no != null) {
                return no;
            }
            SmtpDialog present = dialog();
            line().budget().in(house.limits().piece());
            try {
                Reply reply = present.data();
                streaming = reply.code() / 100 == 3;
                return streaming ? null : answers.of(reply, present);
            } catch (SmtpFailure failure) {
                if (tries > 0 || failure.isPermanent()) {
                    return lostWithText(failure);
                }
                close();
            }
        }
    }

    /// The next piece of a text that was begun. Returns null, or why it goes no further.
    @Nullable
    Reply write(ByteBuffer piece) {
        line().budget().in(house.limits().piece());
        try {
            dialog().write(piece.duplicate());
            return null;
        } catch (SmtpFailure failure) {
            return lostWithText(failure);
        }
    }

    /// Ends a text that was begun. Returns why that failed, or null when each recipient has his answer.
    @Nullable
    Reply end() {
        line().budget().in(house.limits().done());
        try {
            List<Reply> replies = dialog().end();
            streaming = false;
            said(replies);
            return null;
        } catch (SmtpFailure failure) {
            return lostWithText(failure);
        }
    }

    /// @param replies fewer than recipients when the connection was lost behind them
    private void said(List<Reply> replies) {
        Reply said = replies.getFirst();
        Reply answer = answers.of(said, dialog());
        for (int i = 0; i < taken.size(); i++) {
            if (i < replies.size() && !replies.get(i).equals(said)) {
                said = replies.get(i);
                answer = answers.of(said, dialog());
            }
            taken.get(i).answered(i < replies.size() ? answer : LOST);
        }
        lost(taken.subList(Math.min(replies.size(), taken.size()), taken.size()));
    }

    private Reply lostWithText(SmtpFailure failure) {
        house.log().info(way.service(), from.id() + ": " + failure.text());
        if (failure.mayHaveBeenTaken()) {
            lost(taken);
        }
        cut();
        return failure.reply() == null ? LOST : answers.of(failure);
    }

    /// The replies for these did not come.
    private void lost(List<Copy> copies) {
        HandoverId id = dialog().handover();
        if (id != null && !copies.isEmpty()) {
            Copy.Lost lost = new Copy.Lost(id, dialog().host().place());
            copies.forEach(copy -> copy.lost(lost));
        }
    }

    /// Asks what became of a hand-over whose reply was lost: on the line that waits for the text, when it is with the
    /// same server; else on a connection that is not counted, as the line may be within a text.
    Fate fate(Ledger.Doubt doubt) {
        SmtpDialog present = dialog;
        if (present != null && !streaming && resume() && isAt(present.host(), doubt)) {
            line().budget().in(house.limits().answer());
            try {
                return present.fate(doubt.id());
            } catch (SmtpFailure failure) {
                close();
            }
        }
        SmtpClient.Question question = new SmtpClient.Question(doubt.id(), host -> isAt(host, doubt));
        return way.client()
                .fate(
                        way.nextHop(),
                        from.sender().address(),
                        from.id(),
                        question,
                        house.limits().answer());
    }

    private boolean isAt(TargetHost host, Ledger.Doubt doubt) {
        return house.ledger().where(host.place()) == doubt.where();
    }

    private SmtpDialog dialog() {
        SmtpDialog present = dialog;
        if (present == null) {
            throw new IllegalStateException("no dialog");
        }
        return present;
    }

    private void rest() {
        if (line != null && dialog != null) {
            resting = true;
            hop.rest(line);
        }
    }

    /// Whether the line is still this message's, with a dialog; it rests no more.
    private boolean resume() {
        Line present = line;
        if (!resting || present == null) {
            return dialog != null;
        }
        resting = false;
        if (hop.resume(present)) {
            return true;
        }
        line = null;
        dialog = null;
        return false;
    }

    private void lost() {
        dialog = null;
        line().letGo();
    }

    /// Nothing of this message may be taken from here on.
    void cut() {
        if (line != null && streaming) {
            line.cut();
        }
        close();
    }

    /// Ends what is under way; a text that was begun is cut off.
    void abort() {
        resume();
        cut();
    }

    /// Gives the line back.
    void close() {
        Line present = line;
        line = null;
        dialog = null;
        if (present != null) {
            present.close();
            hop.give();
        }
    }

    /// How long a leg waits.
    ///
    /// @param answer from RCPT to its answer, over all servers of the next hop
    /// @param line for a line when there are too many
    /// @param piece for DATA, and for each piece of the text to be taken
    /// @param done from the end of the text to its answer
    record Limits(Duration answer, Duration line, Duration piece, Duration done) {}
}
