package postern.smtp.server;

import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// RSET (RFC 5321 §4.1.1.5): drops the transaction.
record Rset() implements Command {
    private static final Reply OK = Reply.of("250 2.0.0 Ok");

    static Command parse(SmtpParser parser) {
        parser.end("501 5.5.4 Syntax: RSET");
        return new Rset();
    }

    @Override
    public Reply run(SmtpSession session) {
        session.reset();
        return OK;
    }
}
