package postern.smtp.server;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Path;
import postern.config.Parameter;
import postern.policy.Anvil;
import postern.smtp.Param;
import postern.smtp.Params;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;
import postern.smtp.extension.Extensions;
import postern.smtp.extension.Prdr;
import postern.smtp.extension.Size;
import postern.smtp.extension.SmtpUtf8;
import postern.smtp.extension.XHandover;

/// MAIL (RFC 5321 §4.1.1.2): begins a transaction.
///
/// @param strict whether the path kept to the letter of RFC 5321
record Mail(Path sender, boolean strict, Params params) implements Command {
    static final Parameter<Boolean> STRICT_RFC821_ENVELOPES = Parameter.bool("strict_rfc821_envelopes", "no")
            .doc("Whether addresses in MAIL and RCPT must keep to the letter of RFC 5321.");
    static final Parameter<Boolean> STRICT_SMTPUTF8 = Parameter.bool("strict_smtputf8", "no")
            .doc("Whether addresses in UTF-8 are taken from clients only that ask for SMTPUTF8.");

    static final List<Parameter<?>> PARAMETERS = List.of(STRICT_RFC821_ENVELOPES, STRICT_SMTPUTF8);

    private static final Reply OK = Reply.of("250 2.1.0 Ok");
    private static final Reply TOO_BIG = Reply.of("552 5.3.4 Message size exceeds fixed limit");

    static Command parse(SmtpParser parser) {
        if (!parser.take("FROM:") || parser.atEnd()) {
            throw new Reply.Refused("501 5.5.4 Syntax: MAIL FROM:<address>");
        }
        SmtpParser.Given path = parser.reversePath();
        return new Mail(path.path(), path.strict(), parser.params(Extensions::mailParam));
    }

    @Override
    public Reply run(SmtpSession session) {
        session.requireHello();
        session.requireNoTransaction("503 5.5.1 Error: nested MAIL command");
        Reply tooMany = session.rate(Anvil::mail);
        if (tooMany != null) {
            return tooMany;
        }
        if (sender.address() != null && !session.policy().isPossible(sender.address())) {
            throw new Reply.Refused("501 5.1.7 Bad sender address syntax");
        }
        requireOffered(params, session);
        if (params.has(XHandover.ID) && session.fates() == null) {
            throw new Reply.Refused("555 5.5.4 Unsupported option: XHANDOVER");
        }
        if (params.has(Prdr.PRDR)
                && !session.server().intake(session.identity()).answersEach()) {
            throw new Reply.Refused("555 5.5.4 Unsupported option: PRDR");
        }
        if (!strict && session.conf(STRICT_RFC821_ENVELOPES)) {
            throw new Reply.Refused("501 5.1.7 Bad sender address syntax");
        }
        if (sender.address() != null && sender.address().isUtf8()) {
            requireUtf8(params, session);
        }
        Transaction begun = new Transaction(session, sender, params);
        session.begin(begun);
        SessionRequest about = session.ask(begun, null);
        Reply refusal = size(session, about);
        if (refusal == null) {
            refusal = session.judge(about, session.policy().mail(about));
        }
        if (refusal != null) {
            session.reset();
            return refusal;
        }
        return OK;
    }

    private @Nullable Reply size(SmtpSession session, SessionRequest about) {
        long limit = session.conf(Content.MESSAGE_SIZE_LIMIT);
        if (limit > 0 && params.get(Size.SIZE, 0L) > limit) {
            session.log().refusal(about, TOO_BIG);
            return TOO_BIG;
        }
        return null;
    }

    /// Parameters of an extension that is not offered are unknown.
    static void requireOffered(Params params, SmtpSession session) {
        for (Param<?> param : params.params()) {
            if (session.discards(Extensions.of(param).keyword())) {
                throw new Reply.Refused("555 5.5.4 Unsupported option: " + param.keyword());
            }
        }
    }

    /// @param params those of MAIL
    static void requireUtf8(Params params, SmtpSession session) {
        if (!params.has(SmtpUtf8.SMTPUTF8) && session.conf(STRICT_SMTPUTF8)) {
            throw new Reply.Refused("553 5.6.7 Must declare SMTPUTF8 to send unicode address");
        }
    }
}
