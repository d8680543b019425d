package postern.smtp.server;

import java.util.Objects;
import postern.address.Address;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// VRFY (RFC 5321 §4.1.1.6): whether a recipient would be taken. Never says more than RCPT would.
///
/// @param text the address as it was given
record Vrfy(Address recipient, String text) implements Command {
    private static final String SYNTAX = "501 5.5.4 Syntax: VRFY address [SMTPUTF8]";

    static Command parse(SmtpParser parser) {
        if (parser.atEnd()) {
            throw new Reply.Refused(SYNTAX);
        }
        String text = parser.rest();
        Address recipient = Objects.requireNonNull(parser.forwardPath().path().address());
        if (!parser.atEnd()) {
            text = text.substring(0, text.length() - parser.rest().length()).strip();
            parser.take("SMTPUTF8");
            parser.end(SYNTAX);
        }
        return new Vrfy(recipient, text);
    }

    @Override
    public Reply run(SmtpSession session) {
        session.requireHello();
        if (session.discards("VRFY")) {
            throw new Reply.Refused("502 5.5.1 VRFY command is disabled");
        }
        if (!session.policy().isPossible(recipient)) {
            throw new Reply.Refused("501 5.1.3 Bad recipient address syntax");
        }
        SessionRequest about = session.ask(null, recipient);
        Reply refusal = session.judge(about, session.policy().vrfy(about));
        return refusal == null ? Reply.of("252 2.0.0 " + text) : refusal;
    }
}
