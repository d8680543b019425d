package postern.smtp.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import postern.smtp.Answer;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;
import postern.smtp.server.Transaction.Chunks;
import postern.wire.ChunkReader;

/// BDAT (RFC 3030 §2): a counted piece of the text. Its octets follow the command whatever the answer, so
/// they are read in any case.
record Bdat(long size, boolean last) implements Command {
    /// Chunks below this size are small: a client that works sends few of them.
    private static final int SMALL = 512;
    /// So many small chunks a message may come in.
    private static final int SMALL_LIMIT = 1000;

    private static final Reply SYNTAX = Reply.of("501 5.5.4 Syntax: BDAT count [LAST]");

    static Command parse(SmtpParser parser) {
        String count = parser.word();
        if (count.isEmpty() || count.length() > 18 || !count.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Bdat::malformed;
        }
        boolean last = parser.take("LAST");
        return parser.atEnd() ? new Bdat(Long.parseLong(count), last) : Bdat::malformed;
    }

    /// A piece whose size nobody can tell is lost, and the message with it.
    private static Reply malformed(SmtpSession session) {
        Transaction transaction = session.transaction();
        if (transaction != null) {
            chunks(session, transaction).failed = true;
            transaction.abort();
        }
        return SYNTAX;
    }

    @Override
    public Reply run(SmtpSession session) throws IOException {
        if (session.discards("CHUNKING")) {
            return Reply.of("521 5.5.1 Error: command not implemented");
        }
        Transaction transaction = session.transaction();
        if (transaction == null) {
            skip(session, new ChunkReader(session.chat().window()));
            return Reply.of("503 5.5.1 Error: need RCPT command");
        }
        Answer answer = run(session, transaction);
        return last ? session.sayEach(transaction.replies(answer)) : answer.forAll();
    }

    private Answer run(SmtpSession session, Transaction transaction) throws IOException {
        boolean first = transaction.chunks() == null;
        Chunks chunks = chunks(session, transaction);
        if (chunks.failed) {
            skip(session, chunks.reader);
            if (last) {
                session.reset();
            }
            return new Answer(Reply.of("551 5.0.0 Discarded " + size + " bytes after earlier error"));
        }
        Reply refusal = refusal(session, transaction, chunks, first);
        if (refusal != null) {
            skip(session, chunks.reader);
            return new Answer(fail(session, transaction, chunks, refusal));
        }
        return take(session, transaction, chunks);
    }

    private static Chunks chunks(SmtpSession session, Transaction transaction) {
        Chunks chunks = transaction.chunks();
        return chunks != null
                ? chunks
                : transaction.beginChunks(
                        new ChunkReader(session.chat().window()), session.conf(Content.MESSAGE_SIZE_LIMIT));
    }

    private @Nullable Reply refusal(SmtpSession session, Transaction transaction, Chunks chunks, boolean first) {
        if (transaction.recipients() == 0) {
            return Reply.of("554 5.5.1 Error: no valid recipients");
        }
        if (size < SMALL && !last && ++chunks.small > SMALL_LIMIT) {
            return Reply.of("421 4.7.0 " + session.hostname() + " Error: too many small BDAT chunks");
        }
        SessionRequest about = session.ask(transaction, transaction.onlyRecipient());
        if (chunks.content.overflowsWith(size)) {
            Reply reply = Reply.of("552 5.3.4 Chunk exceeds message size limit");
            session.log().refusal(about, reply);
            return reply;
        }
        return first ? session.judge(about, session.policy().data(about)) : null;
    }

    private Answer take(SmtpSession session, Transaction transaction, Chunks chunks) throws IOException {
        long newlines = chunks.reader.bareNewlines();
        chunks.reader.begin(size);
        chunks.pace.resume();
        MessageText.receive(session, Verb.BDAT, chunks.reader::next, chunks.content, chunks.pace);
        if (chunks.reader.bareNewlines() > newlines) {
            MessageText.bareNewlines(session, transaction, chunks.content);
        }
        if (last) {
            ByteBuffer missing = chunks.reader.finish();
            if (missing != null) {
                chunks.content.add(missing);
            }
            return MessageText.finish(session, transaction, chunks.content);
        }
        if (session.server().intake(session.identity()).streams()) {
            chunks.pace.pause();
            session.chat().nextLineWithin(chunks.pace.left());
        }
        Reply refusal = chunks.content.refusal();
        return new Answer(
                refusal == null
                        ? Reply.of("250 2.0.0 Ok: " + size + " bytes")
                        : fail(session, transaction, chunks, refusal));
    }

    /// The message is lost; what the client still sends of it is thrown away.
    private Reply fail(SmtpSession session, Transaction transaction, Chunks chunks, Reply refusal) {
        chunks.failed = true;
        transaction.abort();
        if (last) {
            session.reset();
        }
        return refusal;
    }

    private void skip(SmtpSession session, ChunkReader reader) throws IOException {
        reader.begin(size);
        MessageText.receive(session, Verb.BDAT, reader::next, new Content(null, 0));
    }
}
