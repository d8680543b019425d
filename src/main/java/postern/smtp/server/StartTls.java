package postern.smtp.server;

import postern.policy.Anvil;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// STARTTLS (RFC 3207). Whoever sends anything behind it before TLS has begun (CVE-2011-0411) is
/// disconnected, and what was sent is never looked at.
record StartTls() implements Command {
    private static final Reply READY = Reply.of("220 2.0.0 Ready to start TLS");

    static Command parse(SmtpParser parser) {
        parser.end("501 5.5.4 Syntax: STARTTLS");
        return new StartTls();
    }

    @Override
    public Reply run(SmtpSession session) {
        if (session.tls() != null) {
            throw new Reply.Refused("554 5.5.1 Error: TLS already active");
        }
        if (session.server().tls() == null || session.discards("STARTTLS")) {
            throw new Reply.Refused("502 5.5.1 Error: command not implemented");
        }
        session.requireNoTransaction("503 5.5.1 Error: MAIL transaction in progress");
        Reply tooMany = session.rate(Anvil::newTls);
        if (tooMany != null) {
            return tooMany;
        }
        int ahead = session.chat().window().discard();
        if (ahead > 0) {
            session.log().warning(session.label() + ": " + ahead + " bytes behind STARTTLS in clear thrown away");
            return Reply.of("421 4.7.0 " + session.hostname() + " Error: plaintext after STARTTLS");
        }
        session.afterReply(session::startTls);
        return READY;
    }
}
