package postern.smtp.server;

import java.util.List;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// HELO (RFC 5321 §4.1.1.1): the client's name, and no extensions.
record Helo(String name) implements Command {
    static Command parse(SmtpParser parser) {
        return new Helo(parser.heloName("501 Syntax: HELO hostname"));
    }

    @Override
    public Reply run(SmtpSession session) {
        Ehlo.require(false, session);
        Reply refusal = session.hello(name, false);
        return refusal == null ? new Reply(250, null, List.of(session.hostname())) : refusal;
    }
}
