package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// A POP3 client that reads what was delivered, and proves each message.
final class Pop3Reader implements AutoCloseable {
    private static final int WINDOW = 256 * 1024;
    private static final int DELETES_AT_ONCE = 200;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(WINDOW).limit(0);
    private final Arrival arrival = new Arrival();
    private final int count;

    /// Logs in.
    Pop3Reader(InetSocketAddress server, String user) throws IOException {
        this(server, user, new InetSocketAddress("127.0.0.1", 0));
    }

    /// @param from the client's own address
    Pop3Reader(InetSocketAddress server, String user, InetSocketAddress from) throws IOException {
        channel = SocketChannel.open().bind(from);
        channel.connect(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        ok(line());
        ask("USER " + user);
        ask("PASS " + MailHost.PASSWORD);
        count = Integer.parseInt(ask("STAT").split(" ", -1)[1]);
    }

    /// How many messages there are.
    int count() {
        return count;
    }

    /// Retrieves all, and writes into the ledger what came and whether it is as it was sent.
    ///
    /// @param ahead how many RETR are under way at once
    void retrieve(Ledger ledger, int ahead) throws IOException {
        int asked = 0;
        for (int got = 0; got < count; got++) {
            StringBuilder more = new StringBuilder();
            // refilled when half of it has come: one write for many commands
            if (asked == got || (asked < count && asked - got <= ahead / 2)) {
                while (asked < count && asked - got < ahead) {
                    more.append("RETR ").append(++asked).append("\r\n");
                }
                say(more.toString());
            }
            ok(line());
            message(ledger);
        }
    }

    private void message(Ledger ledger) throws IOException {
        Dots dots = new Dots(arrival);
        arrival.begin();
        while (!dots.ended()) {
            if (!in.hasRemaining()) {
                fill();
            }
            in.position(dots.read(in.array(), in.position(), in.limit()));
        }
        arrival.end(ledger);
    }

    /// Asks what the messages are called.
    void uidl() throws IOException {
        ask("UIDL");
        while (!line().equals(".")) {
            // one of them
        }
    }

    /// Deletes all and says goodbye: returns when they are gone.
    void deleteAll() throws IOException {
        for (int done = 0; done < count; ) {
            int end = Math.min(count, done + DELETES_AT_ONCE);
            StringBuilder commands = new StringBuilder();
            for (int number = done + 1; number <= end; number++) {
                commands.append("DELE ").append(number).append("\r\n");
            }
            say(commands.toString());
            for (; done < end; done++) {
                ok(line());
            }
        }
        quit();
    }

    void quit() throws IOException {
        ask("QUIT");
    }

    private String ask(String command) throws IOException {
        say(command + "\r\n");
        return ok(line());
    }

    private void say(String commands) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(commands.getBytes(StandardCharsets.US_ASCII));
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (!in.hasRemaining()) {
                fill();
            }
            char next = (char) in.get();
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append(next);
        }
    }

    private void fill() throws IOException {
        in.clear();
        if (channel.read(in) < 0) {
            throw new IOException("the POP3 server closed the connection");
        }
        in.flip();
    }

    private static String ok(String line) throws IOException {
        if (!line.startsWith("+OK")) {
            throw new IOException("the POP3 server said: " + line);
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
