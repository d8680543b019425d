package postern.smtp.server;

import java.io.IOException;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;
import postern.wire.DotReader;

/// DATA (RFC 5321 §4.1.1.4): the text, up to CR LF . CR LF, and the answer to all of it.
record Data() implements Command {
    private static final Reply GO_ON = Reply.of("354 End data with <CR><LF>.<CR><LF>");

    static Command parse(SmtpParser parser) {
        parser.end("501 5.5.4 Syntax: DATA");
        return new Data();
    }

    @Override
    public Reply run(SmtpSession session) throws IOException {
        Transaction transaction = session.transaction("503 5.5.1 Error: need RCPT command");
        if (transaction.chunks() != null) {
            throw new Reply.Refused("503 5.5.1 Error: DATA after BDAT");
        }
        if (transaction.recipients() == 0) {
            boolean lmtp = session.conf(SessionParameters.POSTERN_SMTPD_LMTP);
            throw new Reply.Refused((lmtp ? "503" : "554") + " 5.5.1 Error: no valid recipients");
        }
        SessionRequest about = session.ask(transaction, transaction.onlyRecipient());
        Reply refusal = session.judge(about, session.policy().data(about));
        if (refusal != null) {
            return refusal;
        }
        session.prompt(GO_ON);
        DotReader reader = new DotReader(session.chat().window());
        Content content = new Content(transaction.open(), session.conf(Content.MESSAGE_SIZE_LIMIT));
        MessageText.receive(session, Verb.DATA, reader::next, content);
        if (reader.bareNewlines() > 0) {
            MessageText.bareNewlines(session, transaction, content);
        }
        return session.sayEach(transaction.replies(MessageText.finish(session, transaction, content)));
    }
}
