package postern.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Deadlines;
import postern.net.SocketListener;
import postern.net.TlsSettings;
import postern.wire.ChunkReader;
import postern.wire.DotReader;
import postern.wire.LineReader;
import postern.wire.Window;

/// A server on loopback that takes everything, over real sockets and real TLS.
final class MiniServer implements AutoCloseable {
    private static final int LINE = 2048;

    private final List<String> keywords;
    private final @Nullable TlsSettings tls;
    private final boolean wrapped;
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final SocketListener listener;

    /// @param tls for STARTTLS, or from the start when `wrapped`
    MiniServer(Deadlines deadlines, @Nullable TlsSettings tls, boolean wrapped, String... keywords) throws IOException {
        this.tls = tls;
        this.wrapped = wrapped;
        this.keywords = List.of(keywords);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listener = new SocketListener(any, 100, deadlines, this::serve, _ -> {}).start();
    }

    int port() {
        return listener.local().port();
    }

    List<String> texts() {
        return List.copyOf(texts);
    }

    List<String> commands() {
        return List.copyOf(commands);
    }

    private void serve(Connection connection) {
        try {
            if (wrapped && tls != null) {
                connection.startTls(tls);
            }
            Window window = new Window(connection);
            say(connection, "220 mini ESMTP");
            for (String line = new LineReader(window).read(LINE);
                    line != null;
                    line = new LineReader(window).read(LINE)) {
                commands.add(line);
                if (line.equals("STARTTLS") && tls != null) {
                    say(connection, "220 go");
                    connection.startTls(tls);
                    window = new Window(connection);
                } else if (!answer(connection, window, line)) {
                    return;
                }
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private boolean answer(Connection connection, Window window, String line) throws IOException {
        String verb = line.split("[ :]", 2)[0];
        switch (verb) {
            case "EHLO" -> {
                StringBuilder reply = new StringBuilder("250-mini\r\n");
                keywords.forEach(word -> reply.append("250-").append(word).append("\r\n"));
                boolean startTls = tls != null && connection.tls() == null;
                say(connection, reply + (startTls ? "250 STARTTLS" : "250 8BITMIME"));
            }
            case "DATA" -> {
                say(connection, "354 go");
                texts.add(text(window));
                say(connection, "250 2.0.0 taken");
            }
            case "BDAT" -> {
                texts.add(chunk(window, Long.parseLong(line.split(" ", -1)[1])));
                say(connection, "250 2.0.0 taken");
            }
            case "QUIT" -> {
                say(connection, "221 bye");
                return false;
            }
            default -> say(connection, "250 2.0.0 Ok");
        }
        return true;
    }

    private static String text(Window window) throws IOException {
        DotReader reader = new DotReader(window);
        StringBuilder text = new StringBuilder();
        for (ByteBuffer piece = reader.next(); piece != null; piece = reader.next()) {
            text.append(StandardCharsets.ISO_8859_1.decode(piece));
        }
        return text.toString();
    }

    private static String chunk(Window window, long size) throws IOException {
        ChunkReader reader = new ChunkReader(window);
        reader.begin(size);
        StringBuilder text = new StringBuilder();
        for (ByteBuffer piece = reader.next(); piece != null; piece = reader.next()) {
            text.append(StandardCharsets.ISO_8859_1.decode(piece));
        }
        if (reader.finish() != null) {
            throw new EOFException("the text does not end with a line end");
        }
        return text.toString();
    }

    private static void say(Connection connection, String line) throws IOException {
        connection.write(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() {
        listener.close();
    }
}
