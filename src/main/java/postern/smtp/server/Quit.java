package postern.smtp.server;

import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// QUIT (RFC 5321 §4.1.1.10).
record Quit() implements Command {
    private static final Reply BYE = Reply.of("221 2.0.0 Bye");

    static Command parse(SmtpParser parser) {
        return new Quit();
    }

    @Override
    public Reply run(SmtpSession session) {
        return BYE;
    }
}
