package postern.smtp.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.net.TlsFacts;
import postern.smtp.EnhancedStatus;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.wire.DotWriter;

/// A dialog with a server that is ready for mail: greeted, under TLS and logged in as far as policy wants it.
///
/// Step by step: [#mail], [#rcpt] for each recipient, [#data], [#write] for the pieces of the text, [#end];
/// or a whole message at once with [#send], pipelined. Each is followed by the next message, [#reset], or
/// [#quit]. What the server says comes back as its [Reply]; a dialog that cannot go on ends with a
/// [SmtpFailure] and must be [#cut].
///
/// Confined to one thread at a time.
public final class SmtpDialog implements Closeable {
    private enum State {
        READY,
        MAIL,
        TEXT
    }

    /// What XFATE is answered with when the server has never committed anything under an id, and never will.
    private static final EnhancedStatus UNKNOWN = new EnhancedStatus(5, 5, 0);

    private final Chat chat;
    private final Features features;
    private final DialogSettings settings;
    private State state = State.READY;
    private final Usage usage;
    private boolean needsReset;
    private @Nullable HandoverId handover;
    private int accepted;
    private int brokenLines;
    private @Nullable Text text;

    /// The text under way.
    private record Text(DotWriter dots, LongLines lines, Phase[] phase) {}

    SmtpDialog(Chat chat, Features features, DialogSettings settings, Usage usage) {
        this.chat = chat;
        this.features = features;
        this.settings = settings;
        this.usage = usage;
        chat.pipelining(features.offers("PIPELINING"));
    }

    Chat chat() {
        return chat;
    }

    /// What the server offers.
    public Features features() {
        return features;
    }

    public TargetHost host() {
        return chat.host();
    }

    /// The log's `relay=`: `mx.example[192.0.2.1]:25`.
    public String relay() {
        return chat.host().labelWithPort();
    }

    /// What was agreed on, or null in clear.
    public @Nullable TlsFacts tls() {
        return chat.tls();
    }

    public boolean isLmtp() {
        return settings.protocol() == Protocol.LMTP;
    }

    /// The most bytes of a line of text; 0 for no limit.
    public int lineLimit() {
        return settings.lineLimit();
    }

    /// Whether another message can be sent: the connection stands, the server has not said that it closes,
    /// and no message is under way.
    public boolean isReady() {
        return chat.isUsable() && state == State.READY;
    }

    /// Whether the server takes us for one client: then nobody else's mail goes here.
    boolean isForOneClient() {
        return settings.forOneClient();
    }

    /// How many messages have been begun here before the present one.
    public int reuses() {
        return Math.max(0, usage.messages() - 1);
    }

    /// How many lines of the last message were broken because they were too long.
    public int brokenLines() {
        return brokenLines;
    }

    void noteBroken(int count) {
        brokenLines = count;
    }

    /// MAIL FROM.
    ///
    /// @throws SmtpFailure also when the message does not fit the server: too large, or in need of SMTPUTF8
    public Reply mail(MailFrom from) throws SmtpFailure {
        SmtpFailure unfit = unfit(from);
        if (unfit != null) {
            throw unfit;
        }
        Address sender = from.sender().address();
        if (sender != null && !Commands.isSendable(sender)) {
            throw SmtpFailure.badAddress(sender);
        }
        beforeMail(from);
        new Commands(chat, features).mail(from, asksPrdr());
        chat.flush(Phase.MAIL);
        Reply reply = expected(2, chat.reply(Phase.MAIL), Phase.MAIL);
        if (reply.isPositive()) {
            state = State.MAIL;
        }
        return reply;
    }

    /// RCPT TO.
    ///
    /// @throws SmtpFailure also when the address cannot stand in a command; the dialog can go on after that
    public Reply rcpt(Recipient recipient) throws SmtpFailure {
        require(State.MAIL);
        if (!Commands.isSendable(recipient.address())) {
            throw SmtpFailure.badAddress(recipient.address());
        }
        new Commands(chat, features).rcpt(recipient);
        chat.flush(Phase.RCPT);
        Reply reply = expected(2, chat.reply(Phase.RCPT), Phase.RCPT);
        if (reply.isPositive()) {
            accepted++;
        }
        return reply;
    }

    /// MAIL FROM and RCPT TO for each recipient, in one write where the server takes that (RFC 2920).
    /// Returns the replies in that order; when MAIL is refused, those to RCPT mean nothing.
    ///
    /// @throws SmtpFailure also when the message does not fit the server, or an address cannot stand in a
    ///     command
    public List<Reply> begin(MailFrom from, List<Recipient> recipients) throws SmtpFailure {
        for (Recipient recipient : recipients) {
            if (!Commands.isSendable(recipient.address())) {
                throw SmtpFailure.badAddress(recipient.address());
            }
        }
        List<Reply> replies = new ArrayList<>(1 + recipients.size());
        if (!features.offers("PIPELINING")) {
            replies.add(mail(from));
            for (Recipient recipient : recipients) {
                replies.add(state == State.MAIL ? rcpt(recipient) : replies.getFirst());
            }
            return replies;
        }
        SmtpFailure unfit = unfit(from);
        if (unfit != null) {
            throw unfit;
        }
        beforeMail(from);
        Commands commands = new Commands(chat, features);
        commands.mail(from, asksPrdr());
        for (Recipient recipient : recipients) {
            if (!chat.hasRoom()) {
                chat.flush(Phase.RCPT);
            }
            commands.rcpt(recipient);
        }
        chat.flush(Phase.MAIL);
        replies.add(expected(2, chat.reply(Phase.MAIL), Phase.MAIL));
        state = replies.getFirst().isPositive() ? State.MAIL : state;
        for (int i = 0; i < recipients.size(); i++) {
            Reply reply = expected(2, chat.reply(Phase.RCPT), Phase.RCPT);
            accepted += state == State.MAIL && reply.isPositive() ? 1 : 0;
            replies.add(reply);
        }
        return replies;
    }

    /// A whole text behind the recipients: as one chunk where the server takes chunks (RFC 3030), else with
    /// DATA. Returns the replies as [#end] does, or the one that refused it before for all.
    public List<Reply> whole(ByteBuffer message) throws SmtpFailure {
        int start = message.arrayOffset() + message.position();
        boolean fits = LongLines.fits(message.array(), start, start + message.remaining(), settings.lineLimit());
        if (isLmtp() || !fits || !message.hasRemaining() || !features.offers("CHUNKING")) {
            Reply reply = data();
            if (reply.code() / 100 != 3) {
                return Collections.nCopies(accepted, reply);
            }
            write(message);
            return end();
        }
        require(State.MAIL);
        chat.put("BDAT ")
                .put(Integer.toString(message.remaining()))
                .put(" LAST")
                .end();
        if (message.remaining() <= chat.batch().remaining()) {
            chat.batch().put(message);
            chat.flush(Phase.END);
        } else {
            chat.flush(Phase.BODY);
            chat.write(message, Phase.END);
        }
        List<Reply> replies = endReplies(accepted);
        finish();
        return replies;
    }

    /// DATA. Only after a reply of 354 may text follow.
    public Reply data() throws SmtpFailure {
        require(State.MAIL);
        Reply reply = expected(3, chat.ask("DATA", Phase.DATA), Phase.DATA);
        if (reply.isPositive()) {
            state = State.TEXT;
            Phase[] phase = {Phase.BODY};
            DotWriter dots = new DotWriter(bytes -> chat.write(bytes, phase[0]), chat.batch());
            text = new Text(dots, new LongLines(dots::write, settings.lineLimit()), phase);
        }
        return reply;
    }

    /// The next piece of the text, canonical and without stuffed dots, cut anywhere; its buffer has an array
    /// and belongs to the caller again on return.
    public void write(ByteBuffer piece) throws SmtpFailure {
        try {
            text().lines().write(piece);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// The end of the text. Returns a reply for each accepted recipient, in their order: over SMTP the same for
    /// all, unless the server answers for each. Who has been answered for over LMTP or XHANDOVER has the message,
    /// or has not, even when the connection is lost then: there are fewer replies.
    ///
    /// @throws SmtpFailure that [SmtpFailure#mayHaveBeenTaken()] when the connection is lost before the reply
    public List<Reply> end() throws SmtpFailure {
        Text ending = text();
        try {
            ending.phase()[0] = Phase.END;
            ending.dots().finish();
        } catch (IOException e) {
            throw failure(e);
        }
        brokenLines = ending.lines().broken();
        List<Reply> replies = endReplies(accepted);
        finish();
        return replies;
    }

    /// What the server knows the present transaction by, or the last one; null when it goes without an id.
    public @Nullable HandoverId handover() {
        return handover;
    }

    /// Asks what became of a hand-over (XFATE), also within a transaction whose text has not begun. What is
    /// neither yes nor no decides nothing.
    public Fates.Fate fate(HandoverId id) throws SmtpFailure {
        if (state == State.TEXT) {
            throw new IllegalStateException("XFATE within a text");
        }
        if (!features.offers("XHANDOVER")) {
            return Fates.Fate.UNDECIDED;
        }
        Reply reply = chat.ask("XFATE " + id, Phase.XFATE);
        boolean unknown = reply.code() == 550 && UNKNOWN.equals(reply.status());
        return reply.code() == 250 ? Fates.Fate.TAKEN : unknown ? Fates.Fate.UNKNOWN : Fates.Fate.UNDECIDED;
    }

    /// What the server says to the end of data, for each accepted recipient: one reply for all; one for each
    /// (RFC 2033 §4.2, XHANDOVER); or, with PRDR and behind 353, one for each and a last one.
    List<Reply> endReplies(int count) throws SmtpFailure {
        Reply first = chat.reply(Phase.END);
        if (isLmtp() || handover != null) {
            return withOthers(expected(2, first, Phase.END), count);
        }
        if (!asksPrdr() || first.code() != 353) {
            return Collections.nCopies(count, expected(2, first, Phase.END));
        }
        List<Reply> replies = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            replies.add(expected(2, chat.reply(Phase.END), Phase.END));
        }
        Reply last = expected(2, chat.reply(Phase.END), Phase.END);
        replies.replaceAll(reply -> reply.isPositive() && !last.isPositive() ? last : reply);
        return replies;
    }

    /// A server that closes says so once, for all that are left.
    private List<Reply> withOthers(Reply first, int count) {
        List<Reply> replies = new ArrayList<>(count);
        replies.add(first);
        while (replies.size() < count) {
            try {
                replies.add(chat.isUsable() ? expected(2, chat.reply(Phase.END), Phase.END) : replies.getLast());
            } catch (SmtpFailure lost) {
                chat.cut();
                break;
            }
        }
        return replies;
    }

    /// Whether MAIL asks for an answer for each recipient after the data (draft-hall-prdr-00).
    boolean asksPrdr() {
        return features.offers("PRDR") && !isLmtp() && handover == null;
    }

    /// Sends a whole message: an outcome for each recipient, in their order.
    public List<Outcome> send(MailFrom from, List<Recipient> recipients, MessageText message) {
        SmtpFailure unfit = unfit(from);
        if (unfit != null) {
            return recipients.stream()
                    .<Outcome>map(_ -> new Outcome.Failed(unfit))
                    .toList();
        }
        brokenLines = 0;
        return new Transmission(this, from, recipients).run(message);
    }

    /// Drops the message under way (RSET); after DATA that can only be done by cutting the connection.
    public void reset() throws SmtpFailure {
        if (state == State.TEXT || !chat.isUsable()) {
            cut();
        } else if (state == State.MAIL) {
            finish();
            needsReset = true;
            resetIfNeeded();
            chat.rest();
        }
    }

    /// Says goodbye and closes.
    public void quit() {
        try {
            if (isReady()) {
                chat.put("QUIT").end();
                chat.flush(Phase.QUIT);
                if (settings.awaitQuit()) {
                    chat.reply(Phase.QUIT);
                }
            }
        } catch (SmtpFailure e) {
            // it is gone already
        } finally {
            cut();
        }
    }

    /// Closes without a word.
    public void cut() {
        chat.cut();
    }

    @Override
    public void close() {
        cut();
    }

    /// Why the server cannot take this message at all, or null.
    private @Nullable SmtpFailure unfit(MailFrom from) {
        long limit = features.sizeLimit();
        if (limit > 0 && from.size() > limit) {
            return SmtpFailure.about(
                    chat.host(),
                    new EnhancedStatus(5, 3, 4),
                    "message size " + from.size() + " exceeds size limit " + limit + " of server "
                            + chat.host().label());
        }
        if (from.needsUtf8() && !features.offers("SMTPUTF8")) {
            return SmtpFailure.about(
                    chat.host(),
                    new EnhancedStatus(5, 6, 7),
                    "SMTPUTF8 is required, but was not offered by host "
                            + chat.host().label());
        }
        return null;
    }

    /// What comes before MAIL: RSET where the last message did not end by itself, and XFORWARD.
    ///
    /// A reply that is there before anything was asked is a farewell, or an injection (CVE-2009-3555): it
    /// must not be taken for the answer to MAIL.
    void beforeMail(MailFrom from) throws SmtpFailure {
        require(State.READY);
        usage.begin();
        handover = features.offers("XHANDOVER") ? from.handover() : null;
        if (chat.unasked() > 0) {
            chat.cut();
            throw SmtpFailure.malformed(chat.host(), Phase.MAIL);
        }
        resetIfNeeded();
        if (settings.xforward() && features.offers("XFORWARD")) {
            int count = new Commands(chat, features).xforward(from);
            chat.flush(Phase.XFORWARD);
            for (int i = 0; i < count; i++) {
                chat.reply(Phase.XFORWARD);
            }
        }
    }

    private void resetIfNeeded() throws SmtpFailure {
        if (needsReset) {
            needsReset = false;
            Reply reply = chat.ask("RSET", Phase.RSET);
            if (!reply.isPositive()) {
                chat.cut();
                throw SmtpFailure.said(chat.host(), reply, Phase.RSET);
            }
        }
    }

    /// The transaction did not end by itself: RSET before the next.
    void needsReset() {
        needsReset = true;
    }

    Usage usage() {
        return usage;
    }

    /// The failure that a reply is, or null when it is of the expected class. One of another positive class
    /// leaves the dialog out of step.
    @Nullable
    SmtpFailure unless(int expectedClass, Reply reply, Phase phase) {
        if (reply.code() / 100 == expectedClass) {
            return null;
        }
        if (reply.code() < 400) {
            chat.giveUp();
        }
        return SmtpFailure.said(chat.host(), reply, phase);
    }

    private Reply expected(int expectedClass, Reply reply, Phase phase) throws SmtpFailure {
        SmtpFailure failure = unless(expectedClass, reply, phase);
        if (failure != null && reply.code() < 400) {
            throw failure;
        }
        return reply;
    }

    private void finish() {
        state = State.READY;
        accepted = 0;
        text = null;
        chat.rest();
    }

    private Text text() {
        require(State.TEXT);
        Text present = text;
        if (present == null) {
            throw new IllegalStateException("no text under way");
        }
        return present;
    }

    private void require(State wanted) {
        if (state != wanted) {
            throw new IllegalStateException(wanted + " expected, but the dialog is in " + state);
        }
    }

    private SmtpFailure failure(IOException e) {
        return e instanceof SmtpFailure failure ? failure : SmtpFailure.lost(chat.host(), Phase.BODY);
    }
}
