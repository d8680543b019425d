package postern.smtp.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import postern.smtp.Answer;
import postern.smtp.Reply;

/// The end of a transaction, as DATA and BDAT share it: the text is read, judged and handed over.
final class MessageText {
    /// Postfix's word for the place behind the last byte.
    static final String END_OF_MESSAGE = "END-OF-MESSAGE";

    private MessageText() {}

    /// Reads text; throws nothing away but what [Content] does.
    ///
    /// @param verb DATA or BDAT, for the log when the client is lost within it
    static void receive(SmtpSession session, Verb verb, Pace.Pieces pieces, Content content) throws IOException {
        receive(session, verb, pieces, content, Pace.of(session));
    }

    /// The same, at the pace of a message whose text has begun before.
    static void receive(SmtpSession session, Verb verb, Pace.Pieces pieces, Content content, Pace pace)
            throws IOException {
        boolean whole = false;
        try {
            session.chat().adapt();
            for (ByteBuffer piece = pace.next(pieces); piece != null; piece = pace.next(pieces)) {
                content.add(piece);
                session.chat().adapt();
            }
            whole = true;
        } finally {
            session.where(
                    !whole
                            ? verb + " (" + content.size() + " bytes)"
                            : verb == Verb.DATA ? END_OF_MESSAGE : verb.name());
        }
    }

    /// Says what `smtpd_forbid_bare_newline` wants said of lines that end with LF alone.
    static void bareNewlines(SmtpSession session, Transaction transaction, Content content) {
        switch (session.conf(BareNewline.SMTPD_FORBID_BARE_NEWLINE)) {
            case NORMALIZE -> {}
            case NOTE -> session.noteBareNewline();
            case REJECT ->
                content.refuse(session.refuseBareNewline(session.ask(transaction, transaction.onlyRecipient())));
        }
    }

    /// All has been read: the last questions, then the handover. The transaction ends with it.
    static Answer finish(SmtpSession session, Transaction transaction, Content content) {
        session.where(END_OF_MESSAGE);
        SessionRequest about = new SessionRequest(
                session, session.identity(), transaction, transaction.onlyRecipient(), content.size());
        Reply reply = content.refusal();
        if (reply == Content.TOO_BIG) {
            session.log().warning(transaction.id() + ": queue file size limit exceeded");
        }
        if (reply == null) {
            reply = session.judge(about, session.policy().endOfData(about));
        }
        Answer answer = reply == null ? transaction.commit() : new Answer(reply);
        session.reset();
        if (answer.forAll().isPositive()) {
            session.delivered();
        }
        return answer;
    }
}
