package postern.smtp.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.net.Connection;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.TlsSettings;
import postern.policy.Anvil;
import postern.policy.Policy;
import postern.policy.Verdict;
import postern.smtp.Directive;
import postern.smtp.EnhancedStatus;
import postern.smtp.Fates;
import postern.smtp.Reply;
import postern.wire.LineReader;

/// One session: reads a line, parses it into a [Command], runs it, writes the one reply it returned. Only the
/// loop in [#run()] writes final replies, counts errors and ends the session. Confined to its thread.
final class SmtpSession {
    private static final Reply BAD_SYNTAX = Reply.of("500 5.5.2 Error: bad syntax");
    private static final Reply BAD_UTF8 = Reply.of("500 5.5.2 Error: bad UTF-8 syntax");
    private static final Reply TOO_LONG = Reply.of("500 5.5.2 Error: line too long");
    private static final Reply NOT_RECOGNIZED = Reply.of("500 5.5.2 Error: command not recognized");
    private static final Reply RULES = Reply.of("221 2.7.0 Error: I can break rules, too. Goodbye.");
    private static final Reply TLS_FIRST = Reply.of("530 5.7.0 Must issue a STARTTLS command first");
    private static final Reply OUT_OF_STEP = Reply.of("554 5.5.0 Error: SMTP protocol synchronization");

    /// A change of protocol behind a reply. Returns whether the session goes on.
    @FunctionalInterface
    interface Upgrade {
        boolean run() throws IOException;
    }

    /// How the session goes.
    private static final class Progress {
        final Tally tally = new Tally();
        String where = "CONNECT";
        boolean turnedAway;
        boolean spokeAhead;
        boolean hangsUp;
        boolean forgiven;
        boolean bareNewline;
        Set<String> discarded;
        final Owed owed;

        @Nullable
        Upgrade upgrade;

        Progress(Set<String> discarded, Chat chat) {
            this.discarded = discarded;
            this.owed = new Owed(chat);
        }
    }

    private final SmtpServer server;
    private final MainCf conf;
    private final Chat chat;
    private final Client caller;
    private final Progress progress;
    private final SessionLog log = new SessionLog(this);
    private final List<Directive> standing = new ArrayList<>(0);
    private Identity identity;
    private Endpoint local;
    private @Nullable Transaction transaction;

    /// @param caller who has connected, by itself or through a proxy
    /// @param local the address it came to
    SmtpSession(SmtpServer server, MainCf conf, Connection connection, Client caller, Endpoint local) {
        this.server = server;
        this.conf = conf;
        this.chat = new Chat(connection, conf.get(SessionParameters.SMTPD_TIMEOUT));
        this.progress = new Progress(server.discarded(), chat);
        this.caller = caller;
        this.local = local;
        this.identity = Identity.of(caller);
    }

    void run() {
        log.info("connect from " + label());
        InetAddress counted = countedAddress();
        try {
            boolean goesOn = greet(counted);
            while (goesOn) {
                goesOn = tooManyErrors() ? end(tooManyErrorsReply()) : step();
            }
        } catch (IOException e) {
            lost();
        } catch (RuntimeException e) {
            broken(e);
        } finally {
            leave(counted);
        }
    }

    private void leave(@Nullable InetAddress counted) {
        try {
            reset();
        } catch (RuntimeException e) {
            log.fault(e);
        }
        if (counted != null) {
            server.anvil().disconnect(counted);
        }
        log.info("disconnect from " + label() + progress.tally + (progress.bareNewline ? " notes=bare_lf" : ""));
    }

    private boolean greet(@Nullable InetAddress counted) throws IOException {
        Reply tooMany = counted == null ? null : server.anvil().connect(counted);
        if (tooMany == null && conf.get(SessionParameters.SMTPD_TLS_WRAPPERMODE)) {
            tooMany = rate(Anvil::newTls);
            if (tooMany == null && !startTls()) {
                return false;
            }
        }
        return tooMany == null ? send(greeting()) : end(tooMany);
    }

    /// What a client hears first: the banner, or why it is turned away.
    Reply greeting() {
        SessionRequest about = ask(null, null);
        Reply refusal = judge(about, policy().connect(about));
        progress.turnedAway = refusal != null;
        return refusal == null ? new Reply(220, null, List.of(conf.get(SessionParameters.SMTPD_BANNER))) : refusal;
    }

    /// Does one command and sends its answer; but recipients that the client has sent in one piece are begun one
    /// after the other, then answered in their order.
    ///
    /// @return whether the session goes on
    private boolean step() throws IOException {
        if (!progress.owed.isEmpty() && !progress.owed.hasMore()) {
            return send(progress.owed.next());
        }
        Supplier<Reply> answer = perform();
        boolean waits =
                !progress.owed.isEmpty() || (progress.where.equals(Verb.RCPT.name()) && progress.owed.hasMore());
        if (waits) {
            progress.owed.add(answer);
        }
        return waits || send(answer.get());
    }

    /// Reads one command and begins it.
    ///
    /// @return waits for the answer
    private Supplier<Reply> perform() throws IOException {
        String line;
        try {
            line = line(Auth.lineLimit(this));
        } catch (LineReader.TooLong e) {
            log.warning(label() + ": request longer than " + Auth.lineLimit(this));
            return () -> TOO_LONG;
        }
        Supplier<Reply> objection = objection(line);
        if (objection != null) {
            return objection;
        }
        Verb verb = Verb.of(line);
        if (verb == null) {
            Reply reply = unknown(line);
            return () -> reply;
        }
        progress.tally.given(verb);
        if (verb.has(Verb.Flag.JUNK)) {
            progress.tally.junk(conf.get(SessionParameters.SMTPD_JUNK_COMMAND_LIMIT));
        }
        Reply bar = bar(verb);
        return bar == null ? begin(verb, line) : () -> bar;
    }

    private Supplier<Reply> begin(Verb verb, String line) throws IOException {
        progress.where = verb.name();
        Supplier<Reply> answer;
        try {
            answer = spokeAhead(verb) ? () -> OUT_OF_STEP : verb.parse(line).begin(this);
        } catch (Reply.Refused e) {
            noteSyntax(verb, line, e.reply());
            return e::reply;
        }
        return progress.tally.counting(verb, answer);
    }

    /// The next line; where the input ends, so does the session.
    ///
    /// @throws LineReader.TooLong when it is longer than `limit`
    String line(int limit) throws IOException {
        String line = chat.line(limit);
        if (line == null) {
            throw new EOFException("end of input");
        }
        return line;
    }

    /// What is wrong with a line before it is looked at, or null.
    private @Nullable Supplier<Reply> objection(String line) {
        if (chat.endedBare()) {
            progress.bareNewline |= conf.get(BareNewline.SMTPD_FORBID_BARE_NEWLINE) == BareNewline.NOTE;
            if (conf.get(BareNewline.SMTPD_FORBID_BARE_NEWLINE) == BareNewline.REJECT) {
                return () -> {
                    progress.hangsUp = true;
                    return refuseBareNewline(ask(transaction, null));
                };
            }
        }
        if (chat.malformed() && conf.get(SmtpServer.SMTPUTF8_ENABLE)) {
            return () -> BAD_UTF8;
        }
        return Chat.isPrintable(line) ? null : () -> BAD_SYNTAX;
    }

    /// The answer to a word that is no verb; what no mail client says ends the session.
    private Reply unknown(String line) {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        if (conf.get(SessionParameters.SMTPD_NOOP_COMMANDS).stream().anyMatch(word::equalsIgnoreCase)) {
            progress.tally.junk(conf.get(SessionParameters.SMTPD_JUNK_COMMAND_LIMIT));
            return Noop.OK;
        }
        progress.where = "UNKNOWN";
        progress.tally.given(null);
        int colon = line.indexOf(':');
        boolean header = colon > 0 && line.substring(0, colon).chars().allMatch(c -> c > ' ' && c < 127);
        if (header || server.forbids(word)) {
            log.notMail(line);
            return RULES;
        }
        return progress.turnedAway ? denied() : NOT_RECOGNIZED;
    }

    /// Why a verb may not be used at all now, or null.
    private @Nullable Reply bar(Verb verb) {
        if (progress.turnedAway && verb != Verb.QUIT) {
            return denied();
        }
        return server.demandsTls() && tls() == null && !verb.has(Verb.Flag.BEFORE_TLS) ? TLS_FIRST : null;
    }

    private Reply denied() {
        return Reply.of("503 5.7.0 Error: access denied for " + label());
    }

    /// Notes when a client does not wait where it must. Returns whether that ends the session.
    private boolean spokeAhead(Verb verb) {
        if (!verb.has(Verb.Flag.ENDS_PIPELINE) || progress.spokeAhead || !chat.hasInput()) {
            return false;
        }
        progress.spokeAhead = true;
        log.info("improper command pipelining after " + verb + " from " + label() + ": " + chat.inputAhead(100));
        progress.hangsUp = conf.get(SessionParameters.SMTPD_FORBID_UNAUTH_PIPELINING);
        return progress.hangsUp;
    }

    private void noteSyntax(Verb verb, String line, Reply reply) {
        EnhancedStatus status = reply.status();
        if (reply.code() == 501 && status != null && status.subject() == 1) {
            log.illegalAddress(verb, line);
        }
    }

    /// A fault of ours ends this session and no other.
    private void broken(RuntimeException fault) {
        log.fault(fault);
        farewell(Reply.of("421 4.3.0 " + hostname() + " Server local error"));
    }

    private boolean tooManyErrors() {
        return progress.tally.errors() >= conf.get(SessionParameters.SMTPD_HARD_ERROR_LIMIT);
    }

    private Reply tooManyErrorsReply() {
        log.info("too many errors after " + progress.where + " from " + label());
        return Reply.of("421 4.7.0 " + hostname() + " Error: too many errors");
    }

    /// Writes the answer to a command. Returns whether the session goes on.
    private boolean send(Reply reply) throws IOException {
        if (!reply.isPositive() && !progress.forgiven) {
            progress.tally.error();
        }
        progress.forgiven = false;
        if (progress.tally.errors() >= conf.get(SessionParameters.SMTPD_SOFT_ERROR_LIMIT)) {
            server.pause(conf.get(SessionParameters.SMTPD_ERROR_SLEEP_TIME));
        }
        if (reply.closes() || progress.hangsUp) {
            return end(reply);
        }
        chat.say(server.withFooter(reply, identity.client()));
        Upgrade next = progress.upgrade;
        if (next == null) {
            return true;
        }
        progress.upgrade = null;
        chat.flush();
        return next.run();
    }

    private boolean end(Reply reply) throws IOException {
        chat.say(server.withFooter(reply, identity.client()));
        chat.flush();
        return false;
    }

    private void lost() {
        boolean expired = chat.expired();
        if (expired || !progress.where.equals(MessageText.END_OF_MESSAGE)) {
            log.lost(expired);
        }
        if (expired) {
            farewell(Reply.of("421 4.4.2 " + hostname() + " Error: timeout exceeded"));
        } else if (server.isStopping()) {
            farewell(Reply.of("421 4.3.2 " + hostname() + " Error: server shutting down"));
        }
    }

    private void farewell(Reply reply) {
        try {
            end(reply);
        } catch (IOException e) {
            // The client does not hear it.
        }
    }

    // What commands use.

    /// Asks the client for more: 354, 334. The one reply besides the final one.
    void prompt(Reply reply) throws IOException {
        chat.say(reply);
        chat.flush();
    }

    /// What is to happen once the reply is out.
    void afterReply(Upgrade change) {
        progress.upgrade = change;
    }

    /// Begins TLS. What was known of the client is forgotten, but who it is (RFC 3207 §4.2).
    boolean startTls() throws IOException {
        TlsSettings settings = server.tls();
        if (settings == null) {
            log.warning("Wrapper-mode request dropped from " + label() + ": no certificate");
            return false;
        }
        chat.connection().deadline().in(conf.get(SessionParameters.SMTPD_STARTTLS_TIMEOUT));
        try {
            chat.connection().startTls(settings);
        } catch (IOException e) {
            log.info("SSL_accept error from " + label() + ": " + e.getMessage());
            log.lost(false);
            return false;
        }
        TlsFacts facts = tls();
        if (facts != null && conf.get(SessionParameters.SMTPD_TLS_LOGLEVEL) > 0) {
            log.info(facts.trust().text() + " TLS connection established from " + label() + ": " + TlsText.of(facts));
        }
        reset();
        identity = Identity.of(identity.client());
        return true;
    }

    /// The client has said HELO or EHLO. Returns why that is refused, or null; then a new beginning is made.
    @Nullable
    Reply hello(String name, boolean extended) {
        SessionRequest about = new SessionRequest(this, identity.withHelo(name, extended), null, null, 0);
        Reply refusal = judge(about, policy().helo(about));
        if (refusal == null) {
            progress.discarded = server.discarded(identity.client());
            reset();
            identity = identity.withHelo(name, extended);
        }
        return refusal;
    }

    void requireHello() {
        if (identity.helo().isEmpty() && conf.get(SessionParameters.SMTPD_HELO_REQUIRED)) {
            throw new Reply.Refused("503 5.5.1 Error: send HELO/EHLO first");
        }
    }

    /// The transaction under way.
    ///
    /// @throws Reply.Refused with `refusal` when there is none
    Transaction transaction(String refusal) {
        if (transaction == null) {
            throw new Reply.Refused(refusal);
        }
        return transaction;
    }

    @Nullable
    Transaction transaction() {
        return transaction;
    }

    void requireNoTransaction(String refusal) {
        if (transaction != null) {
            throw new Reply.Refused(refusal);
        }
    }

    void begin(Transaction begun) {
        transaction = begun;
        standing.forEach(begun::direct);
    }

    /// Drops the transaction, if there is one, and all that belongs to it.
    void reset() {
        if (transaction != null) {
            transaction.abort();
            transaction = null;
        }
        identity = identity.withForwarded(null);
    }

    /// `smtpd_forbid_bare_newline = reject`, said of a command or a message.
    Reply refuseBareNewline(SessionRequest about) {
        log.refusal(about, "bare <LF> received");
        return Reply.of(conf.get(BareNewline.SMTPD_FORBID_BARE_NEWLINE_REJECT_CODE) + " 5.5.2 " + hostname()
                + " Error: bare <LF> received");
    }

    /// A question to policy.
    SessionRequest ask(@Nullable Transaction about, @Nullable Address recipient) {
        return new SessionRequest(this, identity, about, recipient, about == null ? 0 : about.declaredSize());
    }

    /// Takes a verdict: logs and returns the refusal, or notes what is to be done and returns null.
    @Nullable
    Reply judge(SessionRequest about, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Refuse(Reply reply) -> {
                log.refusal(about, reply);
                yield reply;
            }
            case Verdict.Accept(List<Directive> directives) -> {
                directives.forEach(directive -> direct(about, directive));
                yield null;
            }
        };
    }

    /// What is to be done with this message; or, where there is none yet, with all messages of this client.
    private void direct(SessionRequest about, Directive directive) {
        if (about.transaction() != null) {
            about.transaction().direct(directive);
        } else if (about.recipient() == null && !standing.contains(directive)) {
            standing.add(directive);
        }
    }

    /// Counts an event of this client; returns the refusal when it is one too many.
    @Nullable
    Reply rate(BiFunction<Anvil, InetAddress, @Nullable Reply> event) {
        InetAddress counted = countedAddress();
        return counted == null ? null : event.apply(server.anvil(), counted);
    }

    /// Whom limits of connections and rates count: nobody behind a unix-domain socket or in XCLIENT's list.
    private @Nullable InetAddress countedAddress() {
        return server.mayUseXClient(caller) ? null : caller.address();
    }

    /// Answers that come before the next.
    Owed owed() {
        return progress.owed;
    }

    /// The error that comes now is not the client's fault.
    void forgive() {
        progress.forgiven = true;
    }

    /// What became of hand-overs, for a peer that hands over under ids; null for others, and where none are
    /// kept. Who the peer says it speaks for does not count.
    @Nullable
    Fates fates() {
        Fates fates = server.intake(identity).fates();
        if (fates == null || discards("XHANDOVER")) {
            return null;
        }
        InetAddress peer = chat.connection().peer().address();
        boolean itself = peer != null && peer.equals(caller.address());
        return server.mayHandOver(itself ? caller.name() : Client.UNKNOWN, peer) ? fates : null;
    }

    /// Says these replies to the end of a text, but the last, which is returned. One that closes is the last.
    Reply sayEach(List<Reply> replies) throws IOException {
        for (Reply reply : replies.subList(0, replies.size() - 1)) {
            if (reply.closes()) {
                return reply;
            }
            chat.say(server.withFooter(reply, identity.client()));
        }
        return replies.getLast();
    }

    /// Whether an extension is hidden from this client.
    boolean discards(String keyword) {
        return progress.discarded.contains(keyword);
    }

    boolean hasSpokenAhead() {
        return progress.spokeAhead;
    }

    <T> T conf(Parameter<T> parameter) {
        return conf.get(parameter);
    }

    String hostname() {
        return conf.get(MainCf.MYHOSTNAME);
    }

    SessionLog log() {
        return log;
    }

    /// A message has been taken: what came before it is forgiven.
    void delivered() {
        progress.tally.delivered();
    }

    /// The client has sent lines that end with LF alone; the log's last line will say so.
    void noteBareNewline() {
        progress.bareNewline = true;
    }

    /// Where the session is, for the log.
    void where(String place) {
        progress.where = place;
    }

    /// Where the session is: the last verb, or what the log says instead.
    String where() {
        return progress.where;
    }

    String label() {
        return label(identity.client());
    }

    /// A client as replies and the log show it.
    String label(Client client) {
        return conf.get(SessionParameters.SMTPD_CLIENT_PORT_LOGGING)
                ? client.label() + ":" + client.port()
                : client.label();
    }

    SmtpServer server() {
        return server;
    }

    Policy policy() {
        return server.policy(identity);
    }

    Chat chat() {
        return chat;
    }

    Client caller() {
        return caller;
    }

    Identity identity() {
        return identity;
    }

    void identity(Identity other) {
        identity = other;
    }

    /// The session is with somebody else from here on (XCLIENT).
    void become(Identity other, Endpoint to) {
        identity = other;
        local = to;
        standing.clear();
        progress.discarded = server.discarded();
        progress.where = "CONNECT";
    }

    Endpoint local() {
        return local;
    }

    @Nullable
    TlsFacts tls() {
        return chat.connection().tls();
    }
}
