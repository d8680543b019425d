package postern;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Deadlines;
import postern.net.Endpoint;
import postern.net.SocketListener;
import postern.wire.DotReader;
import postern.wire.LineReader;
import postern.wire.Window;

/// A stand-in for somebody else's mail server: takes everything but mail for `nobody`, keeps it in memory, and shows
/// what is said.
final class DemoHost implements Closeable {
    /// A message as it arrived.
    record Taken(String sender, List<String> recipients, String text) {}

    private final String name;
    private final Consumer<String> show;
    private final SocketListener listener;
    private final List<Taken> kept = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();

    /// @param address on loopback; the port is free
    /// @param show takes each line of the dialogue that says where a message goes
    DemoHost(String name, String address, Deadlines deadlines, Consumer<String> show) throws IOException {
        this.name = name;
        this.show = show;
        this.listener = new SocketListener(
                        new InetSocketAddress(InetAddress.getByName(address), 0), 20, deadlines, this::serve, show)
                .start();
    }

    /// A port of this machine that nobody listens at.
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String name() {
        return name;
    }

    Endpoint endpoint() {
        return listener.local();
    }

    /// All that it took, in its order.
    List<Taken> kept() {
        return kept;
    }

    /// The next message, or null when none comes in time.
    @Nullable
    Taken take(Duration time) {
        try {
            return taken.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing here is ever interrupted", e);
        }
    }

    private void serve(Connection connection) {
        connection.deadline().in(Duration.ofMinutes(5));
        Window window = new Window(connection);
        LineReader lines = new LineReader(window);
        try {
            say(connection, "220 " + name + " ESMTP");
            String sender = "";
            List<String> recipients = new ArrayList<>();
            for (String line = lines.read(1000); line != null; line = lines.read(1000)) {
                switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
                    case "EHLO" -> say(connection, "250-" + name + "\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE");
                    case "MAIL" -> {
                        sender = path(line);
                        recipients = new ArrayList<>();
                        show.accept("MAIL FROM:<" + sender + ">");
                        say(connection, "250 2.1.0 Ok");
                    }
                    case "RCPT" -> {
                        String to = path(line);
                        boolean known = !to.startsWith("nobody@");
                        if (known) {
                            recipients.add(to);
                        }
                        show.accept(line);
                        say(connection, known ? "250 2.1.5 Ok" : "550 5.1.1 <" + to + ">: User unknown at " + name);
                    }
                    case "DATA" -> {
                        say(connection, "354 End data with <CR><LF>.<CR><LF>");
                        String text = data(window);
                        show.accept("DATA, " + text.length() + " bytes: 250 2.0.0 Ok: kept");
                        keep(new Taken(sender, recipients, text));
                        say(connection, "250 2.0.0 Ok: kept");
                    }
                    case "QUIT" -> {
                        say(connection, "221 2.0.0 Bye");
                        return;
                    }
                    default -> say(connection, "250 2.0.0 Ok");
                }
            }
        } catch (IOException e) {
            show.accept("lost connection: " + e.getMessage());
        }
    }

    /// What stands in angle brackets.
    private static String path(String line) {
        return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    }

    private void keep(Taken message) {
        kept.add(message);
        taken.add(message);
    }

    private static String data(Window window) throws IOException {
        DotReader reader = new DotReader(window);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (ByteBuffer piece = reader.next(); piece != null; piece = reader.next()) {
            text.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static void say(Connection connection, String line) throws IOException {
        connection.write(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() {
        listener.close();
    }
}
