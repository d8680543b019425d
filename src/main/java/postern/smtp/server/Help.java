package postern.smtp.server;

import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// HELP (RFC 5321 §4.1.1.8): the verbs.
record Help() implements Command {
    private static final Reply VERBS =
            Reply.of("214 2.0.0 EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT STARTTLS AUTH");

    static Command parse(SmtpParser parser) {
        return new Help();
    }

    @Override
    public Reply run(SmtpSession session) {
        return VERBS;
    }
}
