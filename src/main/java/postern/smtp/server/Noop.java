package postern.smtp.server;

import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// NOOP (RFC 5321 §4.1.1.9), with any argument.
record Noop() implements Command {
    static final Reply OK = Reply.of("250 2.0.0 Ok");

    static Command parse(SmtpParser parser) {
        return new Noop();
    }

    @Override
    public Reply run(SmtpSession session) {
        return OK;
    }
}
