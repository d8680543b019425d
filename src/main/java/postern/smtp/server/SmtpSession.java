package postern.smtp.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
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
import postern.smtp.Envelope;
import postern.smtp.Peer;
import postern.smtp.Reply;
import postern.smtp.extension.SmtpUtf8;
import postern.wire.LineReader;

/// One session: reads a line, parses it into a [Command], runs it, writes the one reply it returned. Only the loop
/// in [#run()] writes final replies, counts errors and ends the session. Confined to its thread.
final class SmtpSession {
    static final Parameter<String> MYHOSTNAME =
            Parameter.text("myhostname", "localhost").doc("The host's name in mail.");
    static final Parameter<String> SMTPD_BANNER = Parameter.text("smtpd_banner", "$myhostname ESMTP $mail_name")
            .doc("The text of the greeting; must begin with the host's name.");
    static final Parameter<Duration> SMTPD_TIMEOUT = Parameter.time("smtpd_timeout", "${stress?{10}:{300}}s")
            .doc("How long a client may take over one command, and over a message at its least data rate.");
    static final Parameter<Integer> SMTPD_MIN_DATA_RATE = Parameter.integer("smtpd_min_data_rate", "500")
            .doc("Bytes a second that a message must come with, in the long run.");
    static final Parameter<Duration> SMTPD_STARTTLS_TIMEOUT =
            Parameter.time("smtpd_starttls_timeout", "${stress?{10}:{300}}s").doc("How long a TLS handshake may take.");
    static final Parameter<Boolean> SMTPD_TLS_WRAPPERMODE =
            Parameter.bool("smtpd_tls_wrappermode", "no").doc("Whether TLS begins with the connection (port 465).");
    static final Parameter<Integer> SMTPD_TLS_LOGLEVEL =
            Parameter.integer("smtpd_tls_loglevel", "0").doc("From 1 on each handshake gets a line in the log.");
    static final Parameter<Integer> LINE_LENGTH_LIMIT =
            Parameter.integer("line_length_limit", "2048").doc("Bytes of a command line.");
    static final Parameter<Boolean> SMTPD_HELO_REQUIRED =
            Parameter.bool("smtpd_helo_required", "no").doc("Whether HELO or EHLO must come before MAIL.");
    static final Parameter<Duration> SMTPD_ERROR_SLEEP_TIME = Parameter.time("smtpd_error_sleep_time", "1s")
            .doc("How long replies wait once the soft error limit is reached.");
    static final Parameter<Integer> SMTPD_SOFT_ERROR_LIMIT = Parameter.integer("smtpd_soft_error_limit", "10")
            .doc("Errors since the last message from which on replies wait.");
    static final Parameter<Integer> SMTPD_HARD_ERROR_LIMIT = Parameter.integer(
                    "smtpd_hard_error_limit", "${stress?{1}:{20}}")
            .doc("Errors since the last message at which the session ends.");
    static final Parameter<Integer> SMTPD_JUNK_COMMAND_LIMIT = Parameter.integer(
                    "smtpd_junk_command_limit", "${stress?{1}:{100}}")
            .doc("Commands that bring no mail forward (NOOP, RSET, VRFY …) before each one more is an error.");
    static final Parameter<List<String>> SMTPD_NOOP_COMMANDS =
            Parameter.list("smtpd_noop_commands", "").doc("Words that are answered like NOOP.");
    static final Parameter<Boolean> SMTPD_FORBID_UNAUTH_PIPELINING = Parameter.bool(
                    "smtpd_forbid_unauth_pipelining", "no")
            .doc("Whether a client that does not wait where it must is disconnected.");

    static final List<Parameter<?>> PARAMETERS = List.of(
            MYHOSTNAME,
            SMTPD_BANNER,
            SMTPD_TIMEOUT,
            SMTPD_MIN_DATA_RATE,
            SMTPD_STARTTLS_TIMEOUT,
            SMTPD_TLS_WRAPPERMODE,
            SMTPD_TLS_LOGLEVEL,
            LINE_LENGTH_LIMIT,
            SMTPD_HELO_REQUIRED,
            SMTPD_ERROR_SLEEP_TIME,
            SMTPD_SOFT_ERROR_LIMIT,
            SMTPD_HARD_ERROR_LIMIT,
            SMTPD_JUNK_COMMAND_LIMIT,
            SMTPD_NOOP_COMMANDS,
            SMTPD_FORBID_UNAUTH_PIPELINING);

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
    }

    private final SmtpServer server;
    private final MainCf conf;
    private final Chat chat;
    private final Client caller;
    private final Progress progress = new Progress();
    private final List<Directive> standing = new ArrayList<>(0);
    private Identity identity;
    private Endpoint local;
    private @Nullable Transaction transaction;
    private @Nullable Upgrade upgrade;

    /// @param caller who has connected, by itself or through a proxy
    /// @param local the address it came to
    SmtpSession(SmtpServer server, MainCf conf, Connection connection, Client caller, Endpoint local) {
        this.server = server;
        this.conf = conf;
        this.chat = new Chat(connection, conf.get(SMTPD_TIMEOUT));
        this.caller = caller;
        this.local = local;
        this.identity = Identity.of(caller);
    }

    void run() {
        server.log("connect from " + label());
        InetAddress counted = countedAddress();
        try {
            boolean goesOn = greet(counted);
            while (goesOn) {
                goesOn = tooManyErrors() ? end(tooManyErrorsReply()) : send(perform());
            }
        } catch (IOException e) {
            lost();
        } finally {
            reset();
            if (counted != null) {
                server.anvil().disconnect(counted);
            }
            server.log("disconnect from " + label() + progress.tally + (progress.bareNewline ? " notes=bare_lf" : ""));
        }
    }

    private boolean greet(@Nullable InetAddress counted) throws IOException {
        Reply tooMany = counted == null ? null : server.anvil().connect(counted);
        if (tooMany == null && conf.get(SMTPD_TLS_WRAPPERMODE)) {
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
        return refusal == null ? new Reply(220, null, List.of(conf.get(SMTPD_BANNER))) : refusal;
    }

    /// Reads one command, does it, and returns the answer.
    private Reply perform() throws IOException {
        String line;
        try {
            line = line(conf.get(LINE_LENGTH_LIMIT));
        } catch (LineReader.TooLong e) {
            server.warning(label() + ": request longer than " + conf.get(LINE_LENGTH_LIMIT));
            return TOO_LONG;
        }
        Reply objection = objection(line);
        if (objection != null) {
            return objection;
        }
        Verb verb = Verb.of(line);
        if (verb == null) {
            return unknown(line);
        }
        Reply reply = bar(verb);
        if (reply == null) {
            progress.where = verb.name();
            try {
                reply = spokeAhead(verb) ? OUT_OF_STEP : verb.parse(line).run(this);
            } catch (Reply.Refused e) {
                reply = e.reply();
                noteSyntax(verb, line, reply);
            } catch (RuntimeException e) {
                reply = broken(e);
            }
        }
        progress.tally.count(verb, reply.isPositive());
        if (verb.has(Verb.Flag.JUNK)) {
            progress.tally.junk(conf.get(SMTPD_JUNK_COMMAND_LIMIT));
        }
        return reply;
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
    private @Nullable Reply objection(String line) {
        if (chat.endedBare()) {
            progress.bareNewline |= conf.get(BareNewline.SMTPD_FORBID_BARE_NEWLINE) == BareNewline.NOTE;
            if (conf.get(BareNewline.SMTPD_FORBID_BARE_NEWLINE) == BareNewline.REJECT) {
                progress.hangsUp = true;
                return refuseBareNewline(ask(transaction, null));
            }
        }
        if (chat.malformed() && conf.get(SmtpServer.SMTPUTF8_ENABLE)) {
            return BAD_UTF8;
        }
        boolean blank = true;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || (c >= 127 && c < 160)) {
                return BAD_SYNTAX;
            }
            blank &= c == ' ' || c == '\t';
        }
        return blank ? BAD_SYNTAX : null;
    }

    /// The answer to a word that is no verb; what no mail client says ends the session.
    private Reply unknown(String line) {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        if (conf.get(SMTPD_NOOP_COMMANDS).stream().anyMatch(word::equalsIgnoreCase)) {
            progress.tally.junk(conf.get(SMTPD_JUNK_COMMAND_LIMIT));
            return Noop.OK;
        }
        progress.where = "UNKNOWN";
        progress.tally.count(null, false);
        if (isHeader(line) || server.forbids(word)) {
            server.warning("non-" + identity.protocol() + " command from " + label() + ": " + shortened(line));
            return RULES;
        }
        return progress.turnedAway ? denied() : NOT_RECOGNIZED;
    }

    /// `Subject: …`: message text where commands belong.
    private static boolean isHeader(String line) {
        int colon = line.indexOf(':');
        return colon > 0 && line.substring(0, colon).chars().allMatch(c -> c > ' ' && c < 127);
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
        server.log("improper command pipelining after " + verb + " from " + label() + ": " + chat.inputAhead(100));
        progress.hangsUp = conf.get(SMTPD_FORBID_UNAUTH_PIPELINING);
        return progress.hangsUp;
    }

    private void noteSyntax(Verb verb, String line, Reply reply) {
        EnhancedStatus status = reply.status();
        if (reply.code() == 501 && status != null && status.subject() == 1) {
            server.warning("Illegal address syntax from " + label() + " in " + verb + " command: "
                    + shortened(line.substring(verb.name().length()).strip()));
        }
    }

    /// A fault of ours ends this session and no other.
    private Reply broken(RuntimeException fault) {
        StackTraceElement[] stack = fault.getStackTrace();
        server.warning(label() + ": " + progress.where + ": " + fault + (stack.length == 0 ? "" : " at " + stack[0]));
        return Reply.of("421 4.3.0 " + hostname() + " Server local error");
    }

    private boolean tooManyErrors() {
        return progress.tally.errors() >= conf.get(SMTPD_HARD_ERROR_LIMIT);
    }

    private Reply tooManyErrorsReply() {
        server.log("too many errors after " + progress.where + " from " + label());
        return Reply.of("421 4.7.0 " + hostname() + " Error: too many errors");
    }

    /// Writes the answer to a command. Returns whether the session goes on.
    private boolean send(Reply reply) throws IOException {
        if (!reply.isPositive() && !progress.forgiven) {
            progress.tally.error();
        }
        progress.forgiven = false;
        if (progress.tally.errors() >= conf.get(SMTPD_SOFT_ERROR_LIMIT)) {
            server.pause(conf.get(SMTPD_ERROR_SLEEP_TIME));
        }
        if (reply.closes() || progress.hangsUp) {
            return end(reply);
        }
        chat.say(reply);
        Upgrade next = upgrade;
        if (next == null) {
            return true;
        }
        upgrade = null;
        chat.flush();
        return next.run();
    }

    private boolean end(Reply reply) throws IOException {
        chat.say(reply);
        chat.flush();
        return false;
    }

    private void lost() {
        boolean expired = chat.expired();
        server.log((expired ? "timeout" : "lost connection") + " after " + progress.where + " from " + label());
        try {
            if (expired) {
                end(Reply.of("421 4.4.2 " + hostname() + " Error: timeout exceeded"));
            } else if (server.isStopping()) {
                end(Reply.of("421 4.3.2 " + hostname() + " Error: server shutting down"));
            }
        } catch (IOException e) {
            // The client hears no farewell.
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
        upgrade = change;
    }

    /// Begins TLS. What was known of the client is forgotten, but who it is (RFC 3207 §4.2).
    boolean startTls() throws IOException {
        TlsSettings settings = server.tls();
        if (settings == null) {
            server.warning("Wrapper-mode request dropped from " + label() + ": no certificate");
            return false;
        }
        chat.connection().deadline().in(conf.get(SMTPD_STARTTLS_TIMEOUT));
        try {
            chat.connection().startTls(settings);
        } catch (IOException e) {
            server.log("SSL_accept error from " + label() + ": " + e.getMessage());
            server.log("lost connection after " + progress.where + " from " + label());
            return false;
        }
        if (conf.get(SMTPD_TLS_LOGLEVEL) > 0) {
            server.log("Anonymous TLS connection established from " + label() + ": " + TlsText.of(tls()));
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
            reset();
            identity = identity.withHelo(name, extended);
        }
        return refusal;
    }

    void requireHello() {
        if (identity.helo().isEmpty() && conf.get(SMTPD_HELO_REQUIRED)) {
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

    /// Reads the text of a message; throws nothing away but what [Content] does.
    ///
    /// @param verb DATA or BDAT, for the log when the client is lost within it
    void receive(Verb verb, Pace.Pieces pieces, Content content) throws IOException {
        Pace pace = new Pace(
                chat.connection().deadline(), server.clock(), conf.get(SMTPD_TIMEOUT), conf.get(SMTPD_MIN_DATA_RATE));
        boolean whole = false;
        try {
            chat.adapt();
            for (ByteBuffer piece = pace.next(pieces); piece != null; piece = pace.next(pieces)) {
                content.add(piece);
                chat.adapt();
            }
            whole = true;
        } finally {
            if (!whole) {
                progress.where = verb + " (" + content.size() + " bytes)";
            }
        }
    }

    /// A message has been read to its end: the last questions, then the handover.
    Reply endOfData(Transaction ended, Content content) {
        progress.where = "END-OF-MESSAGE";
        SessionRequest about = new SessionRequest(this, identity, ended, null, content.size());
        Reply reply = content.refusal();
        if (reply == Content.TOO_BIG) {
            logRefusal(about, reply);
        }
        if (reply == null) {
            reply = judge(about, policy().endOfData(about));
        }
        if (reply == null) {
            reply = ended.commit();
        } else {
            ended.abort();
        }
        transaction = null;
        reset();
        if (reply.isPositive()) {
            progress.tally.delivered();
        }
        return reply;
    }

    /// Says what `smtpd_forbid_bare_newline` wants said of a message with lines that end with LF alone.
    void bareNewlines(SessionRequest about, Content content) {
        switch (conf.get(BareNewline.SMTPD_FORBID_BARE_NEWLINE)) {
            case NORMALIZE -> {}
            case NOTE -> progress.bareNewline = true;
            case REJECT -> content.refuse(refuseBareNewline(about));
        }
    }

    private Reply refuseBareNewline(SessionRequest about) {
        logRefusal(about, "bare <LF> received");
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
                logRefusal(about, reply);
                yield reply;
            }
            case Verdict.Accept(List<Directive> directives) -> {
                for (Directive directive : directives) {
                    if (about.transaction() == null) {
                        standing.add(directive);
                    } else {
                        about.transaction().direct(directive);
                    }
                }
                yield null;
            }
        };
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

    void logRefusal(SessionRequest about, Reply reply) {
        logRefusal(about, reply.toString());
    }

    private void logRefusal(SessionRequest about, String text) {
        String id = about.queueId();
        server.log((id.isEmpty() ? "NOQUEUE" : id) + ": reject: " + progress.where + " from " + label() + ": " + text
                + ";" + about.known());
    }

    void logClient(String id) {
        Identity.Forwarded forwarded = identity.forwarded();
        server.log(id + ": client=" + label()
                + (identity.login().isEmpty()
                        ? ""
                        : ", sasl_method=" + identity.loginMethod() + ", sasl_username=" + identity.login())
                + (forwarded == null
                        ? ""
                        : (forwarded.identity().isEmpty() ? "" : ", orig_queue_id=" + forwarded.identity())
                                + ", orig_client=" + forwarded.name() + "[" + forwarded.address() + "]"));
    }

    Envelope envelope(Transaction begun) {
        Client client = identity.client();
        TlsFacts tls = tls();
        Peer peer = new Peer(
                client.addressText(),
                client.port(),
                client.name(),
                client.reverseName(),
                identity.helo(),
                identity.protocol(tls != null, begun.params().has(SmtpUtf8.SMTPUTF8)),
                tls == null ? "" : "using " + TlsText.of(tls),
                identity.login(),
                identity.loginMethod());
        return new Envelope(begun.sender(), begun.params(), peer, server.clock().instant());
    }

    /// The error that comes now is not the client's fault.
    void forgive() {
        progress.forgiven = true;
    }

    boolean hasSpokenAhead() {
        return progress.spokeAhead;
    }

    <T> T conf(Parameter<T> parameter) {
        return conf.get(parameter);
    }

    String hostname() {
        return conf.get(MYHOSTNAME);
    }

    String label() {
        return identity.client().label();
    }

    SmtpServer server() {
        return server;
    }

    Policy policy() {
        return server.policy();
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
        progress.where = "CONNECT";
    }

    Endpoint local() {
        return local;
    }

    @Nullable
    TlsFacts tls() {
        return chat.connection().tls();
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) : text;
    }
}
