package postern.smtp.server;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.Parameter;
import postern.policy.Anvil;
import postern.smtp.Params;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;
import postern.smtp.extension.Extensions;

/// RCPT (RFC 5321 §4.1.1.3): one recipient more, if policy and whoever takes the message agree.
///
/// @param strict whether the path kept to the letter of RFC 5321
record Rcpt(Address recipient, boolean strict, Params params) implements Command {
    static final Parameter<Integer> SMTPD_RECIPIENT_LIMIT = Parameter.integer("smtpd_recipient_limit", "1000")
            .doc("Recipients that a message may have; the client sends the others with the next one.");
    static final Parameter<Integer> SMTPD_RECIPIENT_OVERSHOOT_LIMIT = Parameter.integer(
                    "smtpd_recipient_overshoot_limit", "1000")
            .doc("Recipients beyond that limit that are refused without being counted as errors.");

    static final List<Parameter<?>> PARAMETERS = List.of(SMTPD_RECIPIENT_LIMIT, SMTPD_RECIPIENT_OVERSHOOT_LIMIT);

    private static final Reply TOO_MANY = Reply.of("452 4.5.3 Error: too many recipients");

    static Command parse(SmtpParser parser) {
        if (!parser.take("TO:") || parser.atEnd()) {
            throw new Reply.Refused("501 5.5.4 Syntax: RCPT TO:<address>");
        }
        SmtpParser.Given path = parser.forwardPath();
        Address recipient = Objects.requireNonNull(path.path().address());
        return new Rcpt(recipient, path.strict(), parser.params(Extensions::rcptParam));
    }

    @Override
    public Reply run(SmtpSession session) {
        Transaction transaction = transaction(session);
        Reply refusal = refusal(session, transaction);
        return refusal == null
                ? told(session, transaction, transaction.offer(new Recipient(recipient, params)))
                : refusal;
    }

    @Override
    public Supplier<Reply> begin(SmtpSession session) throws IOException {
        Owed before = session.owed();
        if (before.isEmpty() && !before.hasMore()) {
            return Command.super.begin(session);
        }
        Transaction transaction = transaction(session);
        if (isOneTooMany(session, transaction.recipients() + before.size())) {
            // whether there is room is known when those before have their answers
            return () -> run(session);
        }
        Reply refusal = refusal(session, transaction);
        if (refusal != null) {
            return () -> refusal;
        }
        Supplier<Reply> answer = transaction.ask(new Recipient(recipient, params));
        return () -> told(session, transaction, answer.get());
    }

    private static Transaction transaction(SmtpSession session) {
        return session.transaction("503 5.5.1 Error: need MAIL command");
    }

    private static boolean isOneTooMany(SmtpSession session, int recipients) {
        int limit = session.conf(SMTPD_RECIPIENT_LIMIT);
        return limit > 0 && recipients >= limit;
    }

    /// Why the recipient is not even offered, or null.
    private @Nullable Reply refusal(SmtpSession session, Transaction transaction) {
        if (transaction.chunks() != null) {
            throw new Reply.Refused("503 5.5.1 Error: RCPT after BDAT");
        }
        Reply tooMany = session.rate(Anvil::rcpt);
        if (tooMany != null) {
            return tooMany;
        }
        if (!session.policy().isPossible(recipient)) {
            throw new Reply.Refused("501 5.1.3 Bad recipient address syntax");
        }
        Mail.requireOffered(params, session);
        if (!strict && session.conf(Mail.STRICT_RFC821_ENVELOPES)) {
            throw new Reply.Refused("501 5.1.3 Bad recipient address syntax");
        }
        if (recipient.isUtf8()) {
            Mail.requireUtf8(transaction.params(), session);
        }
        if (isOneTooMany(session, transaction.recipients())) {
            if (transaction.overshoot() <= session.conf(SMTPD_RECIPIENT_OVERSHOOT_LIMIT)) {
                session.forgive();
            }
            return TOO_MANY;
        }
        SessionRequest about = session.ask(transaction, recipient);
        return session.judge(about, session.policy().rcpt(about));
    }

    private Reply told(SmtpSession session, Transaction transaction, Reply reply) {
        if (!reply.isPositive()) {
            session.log().refusal(session.ask(transaction, recipient), reply);
        }
        return reply;
    }
}
