package postern.bench;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// One client connection: sends message after message until it is told to stop, with MAIL, RCPT and DATA in
/// one write when the server offers PIPELINING.
final class SendingConnection implements EventLoop.Ready {
    private static final ByteBuffer EHLO = direct("EHLO bench.example.net\r\n");
    private static final ByteBuffer QUIT = direct("QUIT\r\n");
    private static final ByteBuffer[] COMMANDS = {
        direct("MAIL FROM:<sender@example.net>\r\n"), direct("RCPT TO:<user@example.com>\r\n"), direct("DATA\r\n")
    };
    private static final ByteBuffer TOGETHER =
            direct("MAIL FROM:<sender@example.net>\r\nRCPT TO:<user@example.com>\r\nDATA\r\n");

    private enum Phase {
        GREETING,
        EHLO,
        ENVELOPE,
        ANSWER,
        QUIT
    }

    private final LoadGenerator load;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Letter.Parts parts;
    private final StringBuilder capabilities = new StringBuilder();
    private Phase phase = Phase.GREETING;
    private ByteBuffer[] out = {};
    private int number;
    private int answered;
    private boolean pipelining;
    private int code;
    private int column;
    private boolean lastLine;

    SendingConnection(LoadGenerator load, EventLoop loop, SocketAddress to) throws IOException {
        this.load = load;
        this.parts = load.letter().new Parts();
        this.channel = SocketChannel.open(to);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.key = loop.watch(channel, SelectionKey.OP_READ, this);
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        if (ready.isWritable()) {
            flush();
        }
        if (ready.isValid() && ready.isReadable()) {
            read();
        }
    }

    private void read() throws IOException {
        ByteBuffer in = load.scratch().clear();
        int count = channel.read(in);
        if (count < 0) {
            if (phase != Phase.QUIT) {
                throw new IOException("the server closed the connection while " + phase);
            }
            channel.close();
            load.closed();
            return;
        }
        in.flip();
        while (in.hasRemaining()) {
            byte b = in.get();
            if (phase == Phase.EHLO) {
                capabilities.append((char) b);
            }
            if (column < 3) {
                code = code * 10 + b - '0';
            } else if (column == 3) {
                lastLine = b != '-';
            }
            column++;
            if (b == '\n') {
                int reply = code;
                column = 0;
                code = 0;
                if (lastLine) {
                    reply(reply, in);
                }
            }
        }
    }

    private void reply(int reply, ByteBuffer in) throws IOException {
        switch (phase) {
            case GREETING -> {
                expect(220, reply, in);
                phase = Phase.EHLO;
                send(EHLO.duplicate());
            }
            case EHLO -> {
                expect(250, reply, in);
                pipelining = capabilities.indexOf("PIPELINING") >= 0;
                begin();
            }
            case ENVELOPE -> {
                expect(answered == 2 ? 354 : 250, reply, in);
                answered++;
                if (answered == 3) {
                    phase = Phase.ANSWER;
                    send(parts.of((long) load.ledger().run() << 32 | number));
                } else if (!pipelining) {
                    send(COMMANDS[answered].duplicate());
                }
            }
            case ANSWER -> {
                expect(250, reply, in);
                load.ledger().accepted(number);
                begin();
            }
            case QUIT -> {
                // the connection closes now
            }
        }
    }

    private void begin() throws IOException {
        number = load.next();
        if (number < 0) {
            phase = Phase.QUIT;
            send(QUIT.duplicate());
            return;
        }
        phase = Phase.ENVELOPE;
        answered = 0;
        send(pipelining ? TOGETHER.duplicate() : COMMANDS[0].duplicate());
    }

    private void expect(int wanted, int reply, ByteBuffer in) throws IOException {
        if (reply != wanted) {
            String line = StandardCharsets.ISO_8859_1
                    .decode(in.duplicate().rewind().limit(in.position()))
                    .toString();
            throw new IOException("while " + phase + " the server said: " + line.strip());
        }
    }

    private void send(ByteBuffer... bytes) throws IOException {
        out = bytes;
        flush();
    }

    private void flush() throws IOException {
        channel.write(out);
        boolean all = !out[out.length - 1].hasRemaining();
        key.interestOps(all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        if (all && phase == Phase.ANSWER) {
            load.ledger().ended(number);
        }
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
