package postern.peers;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A mail server that takes everything and remembers it, independent of our own code: what a message was when
/// it arrived is judged here.
public final class Sink implements Closeable {
    /// One message as it arrived: envelope, and text with dots unstuffed.
    ///
    /// @param peer the address that it came from
    public record Taken(String sender, List<String> recipients, String text, String peer) {}

    private final ServerSocket socket;
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> byId = new ConcurrentHashMap<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile UnaryOperator<String> answers = command -> null;
    private volatile int bytes = Integer.MAX_VALUE;
    private volatile Consumer<Taken> told = message -> {};

    public Sink(String address, int port) throws IOException {
        socket = new ServerSocket(port, 200, InetAddress.getByName(address));
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /// What to answer instead of 250: asked with each command line, and with `.` for the end of data; null
    /// for the usual.
    public void answer(UnaryOperator<String> with) {
        answers = with;
    }

    /// Has connections from now on lost after so many bytes that were said, in the middle of a reply if need be.
    public void cutAfter(int count) {
        bytes = count;
    }

    /// Tells of each message before it is answered.
    public void tell(Consumer<Taken> whom) {
        told = whom;
    }

    public List<Taken> taken() {
        return taken;
    }

    /// How often a message with this `X-Id` field has arrived.
    public int times(String id) {
        return byId.getOrDefault(id, 0);
    }

    /// Connections that are open now.
    public int connections() {
        return connections.size();
    }

    /// Loses all connections that are open now.
    public void hangUp() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = new Cut(connection.getOutputStream(), bytes);
            say(out, "220 sink.example ESMTP");
            String sender = "";
            List<String> recipients = new ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String answer = answers.apply(line);
                String verb = line.length() < 4 ? "" : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
                if (answer != null) {
                    say(out, answer);
                } else if (verb.equals("EHLO")) {
                    say(out, "250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 0");
                } else if (verb.equals("MAIL")) {
                    sender = line.substring(10);
                    recipients = new ArrayList<>();
                    say(out, "250 2.1.0 Ok");
                } else if (verb.equals("RCPT")) {
                    recipients.add(line.substring(8));
                    say(out, "250 2.1.5 Ok");
                } else if (verb.equals("DATA") && recipients.isEmpty()) {
                    say(out, "554 5.5.1 Error: no valid recipients");
                } else if (verb.equals("DATA")) {
                    say(out, "354 go on");
                    String text = data(in);
                    String said = answers.apply(".");
                    if (said == null || said.startsWith("2")) {
                        remember(new Taken(
                                sender,
                                recipients,
                                text,
                                connection.getInetAddress().getHostAddress()));
                    }
                    say(out, said == null ? "250 2.0.0 Ok" : said);
                } else {
                    say(out, verb.equals("QUIT") ? "221 2.0.0 Bye" : "250 2.0.0 Ok");
                }
            }
        } catch (IOException e) {
            // the peer has left
        } finally {
            connections.remove(connection);
        }
    }

    private void remember(Taken message) {
        told.accept(message);
        taken.add(message);
        int at = message.text().indexOf("\nX-Id: ");
        if (at >= 0) {
            String id = message.text()
                    .substring(at + 7, message.text().indexOf('\n', at + 7))
                    .strip();
            byId.merge(id, 1, Integer::sum);
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String data(BufferedReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = in.readLine(); ; line = in.readLine()) {
            if (line == null) {
                throw new IOException("lost connection in DATA");
            }
            if (line.equals(".")) {
                return text.toString();
            }
            text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// Fails once so many bytes have been written.
    private static final class Cut extends FilterOutputStream {
        private int left;

        Cut(OutputStream out, int left) {
            super(out);
            this.left = left;
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            out.write(bytes, 0, Math.min(left, bytes.length));
            left -= bytes.length;
            if (left <= 0) {
                throw new IOException("cut");
            }
        }
    }
}
