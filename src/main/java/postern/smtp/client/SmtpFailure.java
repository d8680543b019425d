package postern.smtp.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;

/// Why mail could not be handed over: what the peer said, or what the network or DNS did. Its class (4 or 5)
/// says whether another try, or another host, may help. Thrown where a dialog cannot go on, kept as a value
/// for recipients; carries no stack.
public final class SmtpFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final EnhancedStatus status;
    private final transient @Nullable Reply reply;
    private final transient @Nullable TargetHost host;
    private final transient @Nullable Phase phase;

    private SmtpFailure(
            EnhancedStatus status,
            String text,
            @Nullable Reply reply,
            @Nullable TargetHost host,
            @Nullable Phase phase) {
        super(text);
        this.status = status;
        this.reply = reply;
        this.host = host;
        this.phase = phase;
    }

    /// Decided here, before or without a peer.
    static SmtpFailure local(int statusClass, int subject, int detail, String text) {
        return new SmtpFailure(new EnhancedStatus(statusClass, subject, detail), text, null, null, null);
    }

    /// Decided here, about a peer.
    static SmtpFailure about(TargetHost host, EnhancedStatus status, String text) {
        return new SmtpFailure(status, text, null, host, null);
    }

    /// The peer said no to a command: `host … said: … (in reply to RCPT TO command)`.
    static SmtpFailure said(TargetHost host, Reply reply, Phase phase) {
        String text = "host " + host.label() + " said: " + wire(reply) + " (in reply to " + phase.request() + ")";
        return reply(host, reply, text, phase);
    }

    /// The peer said no to MAIL.
    public static SmtpFailure toMail(TargetHost host, Reply reply) {
        return said(host, reply, Phase.MAIL);
    }

    /// The peer said no to RCPT.
    public static SmtpFailure toRcpt(TargetHost host, Reply reply) {
        return said(host, reply, Phase.RCPT);
    }

    /// An address that cannot stand in a command.
    static SmtpFailure badAddress(Address address) {
        return local(5, 1, 3, "bad address syntax: " + address.internal().replaceAll("\\p{Cntrl}", "?"));
    }

    /// The peer said no to us: `host … refused to talk to me: …`.
    static SmtpFailure refusedToTalk(TargetHost host, Reply reply, Phase phase) {
        return reply(host, reply, "host " + host.label() + " refused to talk to me: " + wire(reply), phase);
    }

    /// The peer said no, in words of ours that lead up to its own.
    static SmtpFailure reply(TargetHost host, Reply reply, String text, Phase phase) {
        if (reply.code() < 400) {
            return new SmtpFailure(new EnhancedStatus(5, 5, 0), "Protocol error: " + text, reply, host, phase);
        }
        return new SmtpFailure(statusOf(reply), text, reply, host, phase);
    }

    static SmtpFailure lost(TargetHost host, Phase phase) {
        String text = "lost connection with " + host.label() + " while " + phase.during();
        return new SmtpFailure(new EnhancedStatus(4, 4, 2), text, null, host, phase);
    }

    static SmtpFailure timedOut(TargetHost host, Phase phase) {
        String text = "conversation with " + host.label() + " timed out while " + phase.during();
        return new SmtpFailure(new EnhancedStatus(4, 4, 2), text, null, host, phase);
    }

    static SmtpFailure malformed(TargetHost host, Phase phase) {
        String text = "malformed reply from " + host.label() + " while " + phase.during();
        return new SmtpFailure(new EnhancedStatus(4, 5, 0), text, null, host, phase);
    }

    /// TLS could not be had as it must be.
    static SmtpFailure tls(TargetHost host, String text) {
        return new SmtpFailure(new EnhancedStatus(4, 7, 5), text, null, host, Phase.TLS);
    }

    /// The message's own text could not be read.
    static SmtpFailure localData(TargetHost host) {
        String text = "local data error while talking to " + host.label();
        return new SmtpFailure(new EnhancedStatus(4, 3, 0), text, null, host, null);
    }

    /// The enhanced status of a reply, or what its code alone says.
    static EnhancedStatus statusOf(Reply reply) {
        EnhancedStatus given = reply.status();
        return given == null ? new EnhancedStatus(reply.code() / 100, 0, 0) : given;
    }

    /// The reply as it came, its lines joined with spaces.
    static String wire(Reply reply) {
        return reply.lines().size() == 1
                ? reply.toString()
                : reply.wire().strip().replace("\r\n", " ");
    }

    /// The same, but worth another try: `smtp_skip_5xx_greeting`, `smtp_sasl_auth_soft_bounce`.
    SmtpFailure softened() {
        return new SmtpFailure(status.withClass(4), text(), reply, host, phase);
    }

    /// The same, as a fault in our configuration, which is not to cost mail.
    SmtpFailure asConfigurationProblem() {
        return new SmtpFailure(new EnhancedStatus(4, 3, 5), text(), reply, host, phase);
    }

    /// Whether mail would come back to this host.
    boolean isLoop() {
        return status.subject() == 4 && status.detail() == 6;
    }

    public EnhancedStatus status() {
        return status;
    }

    public boolean isPermanent() {
        return status.statusClass() == 5;
    }

    /// For a person.
    public String text() {
        String text = getMessage();
        return text == null ? "" : text;
    }

    /// The peer's own words; null when it said none.
    public @Nullable Reply reply() {
        return reply;
    }

    /// `mx.example[192.0.2.1]:25`, or `none`.
    public String relay() {
        return host == null ? "none" : host.labelWithPort();
    }

    /// What the peer is called; empty when there was none.
    public String host() {
        return host == null ? "" : host.name();
    }

    /// The peer's name when it was the peer that decided; else empty.
    public String remoteMta() {
        return host == null || reply == null ? "" : host.name();
    }

    /// Whether the message may have been taken all the same: the connection was lost after the end of data
    /// (RFC 1047). It must be tried again, but not at once elsewhere.
    public boolean mayHaveBeenTaken() {
        return phase == Phase.END && reply == null;
    }

    /// Whether the peer said no to the client for whom the dialog was opened (XCLIENT, PROXY), not to us.
    public boolean isAboutClient() {
        return phase == Phase.CLIENT && reply != null && reply.code() >= 400;
    }

    /// Whether the handshake of TLS failed: at level `may` the same server is tried in clear.
    boolean isTls() {
        return phase == Phase.TLS;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
