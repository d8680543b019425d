package postern.pop3.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import postern.wire.DotWriter;
import postern.wire.Scan;

/// A message on its way to the client: all of it, or its header and some lines. What is not sent is not read.
final class MessageText implements Response.Body {
    private static final int WHOLE = -1;
    private static final int TOP_PIECE = 4096;

    /// What is stored cannot be read.
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        Unreadable(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final InputStream from;
    private final Chat chat;
    private final LongConsumer sent;
    private int linesLeft;
    private boolean inHeader = true;
    private int lineLength;
    private byte last;

    private MessageText(InputStream from, int lines, Chat chat, LongConsumer sent) {
        this.from = from;
        this.linesLeft = lines;
        this.chat = chat;
        this.sent = sent;
    }

    /// @param sent is told how many bytes of the message were sent, when all were
    static MessageText whole(InputStream from, Chat chat, LongConsumer sent) {
        return new MessageText(from, WHOLE, chat, sent);
    }

    /// @param lines how many behind the header
    static MessageText top(InputStream from, int lines, Chat chat, LongConsumer sent) {
        return new MessageText(from, lines, chat, sent);
    }

    @Override
    public void write(DotWriter to) throws IOException {
        byte[] piece = chat.piece();
        boolean whole = linesLeft == WHOLE;
        long bytes = 0;
        for (int count = read(piece, whole); count >= 0; count = read(piece, whole)) {
            int take = whole ? count : wanted(piece, count);
            to.write(ByteBuffer.wrap(piece, 0, take));
            bytes += take;
            if (take < count) {
                break;
            }
        }
        sent.accept(bytes);
    }

    private int read(byte[] piece, boolean whole) throws IOException {
        if (!whole && !inHeader && linesLeft == 0) {
            return -1;
        }
        try {
            return from.read(piece, 0, whole ? piece.length : TOP_PIECE);
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }

    /// How much of a piece belongs to the header or to the lines that are left.
    private int wanted(byte[] piece, int count) {
        int at = 0;
        while (inHeader || linesLeft > 0) {
            int newline = Scan.newline(piece, at, count);
            if (newline < 0) {
                lineLength += count - at;
                last = count > 0 ? piece[count - 1] : last;
                return count;
            }
            lineLength += newline - at + 1;
            byte before = newline > 0 ? piece[newline - 1] : last;
            if (!inHeader) {
                linesLeft--;
            } else if (lineLength == 1 || (lineLength == 2 && before == '\r')) {
                inHeader = false;
            }
            lineLength = 0;
            at = newline + 1;
        }
        return at;
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
