package postern.smtp.server;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.net.TlsFacts;
import postern.smtp.Answer;
import postern.smtp.Directive;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Prdr;
import postern.smtp.extension.Size;
import postern.smtp.extension.SmtpUtf8;
import postern.smtp.extension.XHandover;
import postern.wire.ChunkReader;

/// One message in the making: from MAIL to the answer to its last byte. RSET, EHLO and end of data drop it
/// and put nothing in its place.
final class Transaction {
    private static final Reply EACH = Reply.of("353 PRDR: a reply for each recipient follows");

    private final SmtpSession session;
    private final Path sender;
    private final Params params;
    private final List<Directive> directives = new ArrayList<>(0);
    private @Nullable Handover handover;
    private @Nullable Chunks chunks;
    private String instance = "";
    private @Nullable Address first;
    private int recipients;
    private int overshoot;

    /// What BDAT has brought so far.
    static final class Chunks {
        final ChunkReader reader;
        final Content content;
        final Pace pace;
        int small;
        boolean failed;

        Chunks(ChunkReader reader, Content content, Pace pace) {
            this.reader = reader;
            this.content = content;
            this.pace = pace;
        }
    }

    Transaction(SmtpSession session, Path sender, Params params) {
        this.session = session;
        this.sender = sender;
        this.params = params;
    }

    Path sender() {
        return sender;
    }

    Params params() {
        return params;
    }

    /// What the client said of the size; 0 when nothing.
    long declaredSize() {
        return params.get(Size.SIZE, 0L);
    }

    /// One value for all questions to policy about this message.
    String instance() {
        if (instance.isEmpty()) {
            instance = session.server().newInstance();
        }
        return instance;
    }

    /// The queue id; empty before the first recipient.
    String id() {
        return handover == null ? "" : handover.id();
    }

    /// Recipients accepted so far.
    int recipients() {
        return recipients;
    }

    /// What the client hears at the end of the text: one reply; over LMTP or under an id one for each recipient; with
    /// PRDR,
    /// where they differ, 353, one for each, and a last one.
    List<Reply> replies(Answer answer) {
        Reply forAll = answer.forAll();
        List<Reply> each = answer.each();
        boolean isLmtp = session.conf(SessionParameters.POSTERN_SMTPD_LMTP);
        if ((isLmtp || params.has(XHandover.ID)) && recipients > 0) {
            return each.isEmpty() ? Collections.nCopies(recipients, forAll) : each;
        }
        if (each.isEmpty() || recipients < 2 || !params.has(Prdr.PRDR)) {
            return List.of(forAll);
        }
        List<Reply> replies = new ArrayList<>(recipients + 2);
        replies.add(EACH);
        replies.addAll(each);
        replies.add(forAll);
        return replies;
    }

    /// The recipient, when there is exactly one: what is asked of the message as a whole may then be about it.
    @Nullable
    Address onlyRecipient() {
        return recipients == 1 ? first : null;
    }

    /// Recipients offered beyond the limit, this one included.
    int overshoot() {
        return ++overshoot;
    }

    /// Begins the message with whoever takes it, if that has not been done: at the first recipient that
    /// policy lets through.
    ///
    /// @throws Reply.Refused when nothing can be taken now
    Handover open() {
        Handover open = handover;
        if (open == null) {
            open = session.server().intake(session.identity()).open(envelope());
            handover = open;
            session.log().client(open.id());
            directives.forEach(open::direct);
        }
        return open;
    }

    /// The word for the Received field (RFC 3848).
    private String protocol(Identity identity, boolean inTls) {
        String word = identity.protocol(inTls, params.has(SmtpUtf8.SMTPUTF8));
        return session.conf(SessionParameters.POSTERN_SMTPD_LMTP)
                ? word.replace("ESMTP", "LMTP").replace("UTF8SMTP", "UTF8LMTP")
                : word;
    }

    private Envelope envelope() {
        Identity identity = session.identity();
        Client client = identity.client();
        TlsFacts tls = session.tls();
        InetAddress to = session.local().address();
        Peer peer = new Peer(
                client.addressText(),
                client.port(),
                client.name(),
                client.reverseName(),
                identity.helo(),
                protocol(identity, tls != null),
                tls == null || !session.conf(SessionParameters.SMTPD_TLS_RECEIVED_HEADER)
                        ? ""
                        : "using " + TlsText.of(tls),
                identity.login(),
                identity.loginMethod(),
                client.nameTempFail(),
                to == null ? null : new Peer.Local(to, session.local().port()));
        return new Envelope(sender, params, peer, session.server().clock().instant());
    }

    /// Offers a recipient to whoever takes the message.
    Reply offer(Recipient recipient) {
        try {
            return answered(recipient, open().rcpt(recipient));
        } catch (Reply.Refused refused) {
            return refused.reply();
        }
    }

    /// The same, begun; see [Handover#ask(Recipient)].
    Supplier<Reply> ask(Recipient recipient) {
        Supplier<Reply> answer;
        try {
            answer = open().ask(recipient);
        } catch (Reply.Refused refused) {
            return refused::reply;
        }
        return () -> answered(recipient, answer.get());
    }

    private Reply answered(Recipient recipient, Reply reply) {
        if (reply.isPositive()) {
            first = recipients == 0 ? recipient.address() : first;
            recipients++;
        }
        return reply;
    }

    /// What policy wants done with the message. The same wish again (the lists of client and sender are gone
    /// through at each recipient) is one wish.
    void direct(Directive directive) {
        if (directives.contains(directive)) {
            return;
        }
        directives.add(directive);
        if (handover != null) {
            handover.direct(directive);
        }
    }

    /// What BDAT has brought so far, or null when the text does not come in chunks.
    @Nullable
    Chunks chunks() {
        return chunks;
    }

    /// @param sizeLimit of the message; 0 for none
    Chunks beginChunks(ChunkReader reader, long sizeLimit) {
        Chunks begun = new Chunks(reader, new Content(handover, sizeLimit), Pace.of(session));
        chunks = begun;
        return begun;
    }

    /// Hands the message over; what [#abort()] could drop is no longer ours, whatever the reply.
    Answer commit() {
        Answer answer = open().commit();
        handover = null;
        return answer;
    }

    void abort() {
        if (handover != null) {
            handover.abort();
            handover = null;
        }
    }
}
