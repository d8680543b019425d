package postern.smtp.server;

import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// ETRN (RFC 1985) is not for us: the queue needs no one to ask for it.
record Etrn() implements Command {
    static Command parse(SmtpParser parser) {
        return new Etrn();
    }

    @Override
    public Reply run(SmtpSession session) {
        return Reply.of("502 5.5.1 Error: command not implemented");
    }
}
