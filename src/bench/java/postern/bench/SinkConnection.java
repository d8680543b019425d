package postern.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One server connection of the sink: takes every message. All replies to what was read at once go out in one
/// write.
final class SinkConnection implements EventLoop.Ready {
    private static final int LONGEST = 1000;

    private final CountingSink sink;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Arrival arrival = new Arrival();
    private final byte[] line = new byte[LONGEST];
    private final ByteBuffer replies = ByteBuffer.allocate(8 * 1024);
    private int length;
    private @Nullable Dots dots;
    private long chunk;
    private boolean lastChunk;
    private boolean closing;

    SinkConnection(CountingSink sink, EventLoop loop, SocketChannel channel) throws IOException {
        this.sink = sink;
        this.channel = channel;
        this.key = loop.watch(channel, SelectionKey.OP_READ, this);
        say("220 sink.example.com ESMTP");
        flush();
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        try {
            if (ready.isWritable()) {
                flush();
            }
            if (ready.isValid() && ready.isReadable()) {
                read();
            }
        } catch (IOException e) {
            // The client broke off; what it did not finish is no message.
            channel.close();
        }
    }

    private void read() throws IOException {
        ByteBuffer in = sink.scratch().clear();
        int count = channel.read(in);
        if (count < 0) {
            channel.close();
            return;
        }
        byte[] bytes = in.array();
        int at = 0;
        while (at < count) {
            if (chunk > 0) {
                at = chunk(bytes, at, count);
            } else if (dots != null) {
                at = data(dots, bytes, at, count);
            } else {
                at = command(bytes, at, count);
            }
        }
        flush();
    }

    private int command(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                String text = new String(line, 0, length, StandardCharsets.ISO_8859_1).strip();
                length = 0;
                command(text);
                return i + 1;
            }
            if (length < LONGEST) {
                line[length++] = bytes[i];
            }
        }
        return to;
    }

    private void command(String text) {
        String verb = text.length() < 4 ? text : text.substring(0, 4).toUpperCase(Locale.ROOT);
        switch (verb) {
            case "EHLO" -> say(sink.capabilities());
            case "HELO" -> say("250 sink.example.com");
            case "MAIL", "RCPT" -> say("250 2.1.0 Ok");
            case "DATA" -> {
                say("354 End data with <CR><LF>.<CR><LF>");
                arrival.begin();
                dots = new Dots(arrival);
            }
            case "BDAT" -> beginChunk(text);
            case "QUIT" -> {
                say("221 2.0.0 Bye");
                closing = true;
            }
            case "RSET", "NOOP" -> say("250 2.0.0 Ok");
            default -> say("500 5.5.1 Unknown");
        }
    }

    private void beginChunk(String text) {
        String[] words = text.split(" ", -1);
        chunk = Long.parseLong(words[1]);
        lastChunk = words.length > 2;
        if (!arrival.isOpen()) {
            arrival.begin();
        }
        if (chunk == 0) {
            chunkEnded();
        }
    }

    private int chunk(byte[] bytes, int from, int to) {
        int end = (int) Math.min(to, from + chunk);
        arrival.piece(bytes, from, end);
        chunk -= end - from;
        if (chunk == 0) {
            chunkEnded();
        }
        return end;
    }

    private void chunkEnded() {
        if (lastChunk) {
            arrived();
        } else {
            say("250 2.0.0 Ok");
        }
    }

    private void arrived() {
        arrival.end(sink.ledger());
        say("250 2.0.0 Ok: queued");
    }

    private int data(Dots message, byte[] bytes, int from, int to) {
        int end = message.read(bytes, from, to);
        if (message.ended()) {
            dots = null;
            arrived();
        }
        return end;
    }

    private void say(String reply) {
        replies.put(reply.getBytes(StandardCharsets.ISO_8859_1))
                .put((byte) '\r')
                .put((byte) '\n');
    }

    private void flush() throws IOException {
        replies.flip();
        channel.write(replies);
        boolean all = !replies.hasRemaining();
        replies.compact();
        if (closing && all) {
            channel.close();
            return;
        }
        key.interestOps(all ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
    }
}
