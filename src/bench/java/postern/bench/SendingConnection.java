package postern.bench;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/// One client connection: sends message after message until it is told to stop, with MAIL, RCPT and DATA in
/// one write when the server offers PIPELINING.
final class SendingConnection implements EventLoop.Ready {
    private static final ByteBuffer QUIT = Dialect.direct("QUIT\r\n");

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
    private final Replies replies = new Replies();
    private Phase phase = Phase.GREETING;
    private ByteBuffer[] out = {};
    private int number;
    private int answered;
    private boolean pipelining;

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
        for (int code = replies.next(in); code > 0; code = replies.next(in)) {
            reply(code);
        }
    }

    private void reply(int code) throws IOException {
        switch (phase) {
            case GREETING -> {
                expect(220, code);
                phase = Phase.EHLO;
                send(load.dialect().hello());
            }
            case EHLO -> {
                expect(250, code);
                pipelining = replies.text().contains("PIPELINING");
                begin();
            }
            case ENVELOPE -> {
                expect(answered == 2 ? 354 : 250, code);
                answered++;
                if (answered == 3) {
                    phase = Phase.ANSWER;
                    send(parts.of((long) load.ledger().run() << 32 | number));
                } else if (!pipelining) {
                    send(load.dialect().command(number, answered));
                }
            }
            case ANSWER -> {
                expect(250, code);
                load.ledger().accepted(number);
                begin();
            }
            case QUIT -> {
                // The connection closes now.
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
        load.ledger().begun(number);
        answered = 0;
        if (pipelining) {
            send(load.dialect().envelope(number));
        } else {
            send(load.dialect().command(number, 0));
        }
    }

    private void expect(int wanted, int code) throws IOException {
        if (code != wanted) {
            throw new IOException(
                    "while " + phase + " the server said: " + replies.text().strip());
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
}
