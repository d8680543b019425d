package postern.smtp.server;

import org.jspecify.annotations.Nullable;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// XFATE (docs/xhandover.md): what became of a hand-over whose reply was lost. At any time, also within a
/// transaction.
record XFate(HandoverId id) implements Command {
    private static final Reply TAKEN = Reply.of("250 2.0.0 Taken");
    private static final Reply UNKNOWN = Reply.of("550 5.5.0 Unknown");
    private static final Reply UNDECIDED = Reply.of("451 4.5.0 Not decided, ask again later");

    static Command parse(SmtpParser parser) {
        HandoverId id = HandoverId.parse(parser.word());
        parser.end("501 5.5.4 Syntax: XFATE id");
        return new XFate(id);
    }

    @Override
    public Reply run(SmtpSession session) {
        @Nullable Fates fates = session.fates();
        if (fates == null) {
            // this client was not offered it: it hears what any unknown command hears
            throw new Reply.Refused("502 5.5.1 Error: command not implemented");
        }
        // an answer, not an error of the client's
        session.forgive();
        return switch (fates.of(id)) {
            case TAKEN -> TAKEN;
            case UNKNOWN -> UNKNOWN;
            case UNDECIDED -> UNDECIDED;
        };
    }
}
