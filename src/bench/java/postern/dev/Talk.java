package postern.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import postern.net.ClientTls;
import postern.net.Connection;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Endpoint;
import postern.net.PeerCheck;
import postern.net.TlsFacts;
import postern.net.TlsProtocols;
import postern.net.Uptime;
import postern.wire.LineReader;
import postern.wire.Window;

/// `./dev talk smtp [HOST:PORT]`: a session typed in by hand, shown as a transcript that can be kept as a test. A
/// line of input goes out with CR LF; `+ tls` shakes hands; what the server says comes as it is said. After
/// `DATA` and 354 the lines are the message, `.` ends it.
public final class Talk {
    private static final int LONGEST = 4096;
    private static final Duration CONNECT_TIME = Duration.ofSeconds(5);

    private final Connection connection;
    private final PrintStream out;
    private LineReader lines;
    private boolean message;

    private Talk(Connection connection, PrintStream out) {
        this.connection = connection;
        this.out = out;
        this.lines = new LineReader(new Window(connection));
    }

    public static void main(String[] arguments) throws IOException {
        String to = arguments.length == 0 ? "127.0.0.1:2525" : arguments[0];
        int colon = to.lastIndexOf(':');
        Endpoint endpoint =
                Endpoint.of(new InetSocketAddress(to.substring(0, colon), Integer.parseInt(to.substring(colon + 1))));
        try (Deadlines deadlines = new Deadlines(new Uptime()).start();
                Connection connection = new DirectDialer(deadlines).dial(endpoint, null, CONNECT_TIME)) {
            connection.deadline().never();
            BufferedReader typed = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            new Talk(connection, System.out).run(typed, System.console() != null);
        } catch (IOException e) {
            System.err.println("talk: " + to + ": " + e.getMessage() + "; ./dev up starts a server at 127.0.0.1:2525");
            System.exit(69);
        }
    }

    /// @param byHand whether somebody sees what is typed: else it is shown
    private void run(BufferedReader typed, boolean byHand) throws IOException {
        boolean open = reply();
        while (open) {
            @Nullable String line = typed.readLine();
            if (line == null) {
                return;
            }
            if (!byHand) {
                out.println(line.equals("+ tls") ? line : "C: " + line);
            }
            open = line.equals("+ tls") ? shakeHands() : say(line);
        }
    }

    private boolean shakeHands() throws IOException {
        connection.startTls(new ClientTls(PeerCheck.none(), TlsProtocols.ALL, null, Runnable::run).to("localhost"));
        lines = new LineReader(new Window(connection));
        @Nullable TlsFacts facts = connection.tls();
        out.println("# " + (facts == null ? "no TLS" : facts.protocol() + " with " + facts.cipher()));
        return true;
    }

    private boolean say(String line) throws IOException {
        connection.write(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8)));
        if (message && !line.equals(".")) {
            return true;
        }
        return reply();
    }

    /// Shows one reply. Returns false when the server has hung up.
    private boolean reply() throws IOException {
        @Nullable String line;
        do {
            line = lines.read(LONGEST);
            out.println(line == null ? "! closed" : "S: " + line);
        } while (line != null && line.startsWith("-", 3));
        message = line != null && line.startsWith("354");
        return line != null && !line.startsWith("221") && !line.startsWith("421");
    }
}
