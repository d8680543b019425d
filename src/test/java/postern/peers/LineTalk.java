package postern.peers;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A client of a protocol of lines: one is sent, one comes back.
public final class LineTalk implements Closeable {
    private final Socket socket;
    private final BufferedReader in;
    private final String greeting;

    /// Connects, and hears the greeting.
    public LineTalk(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setSoTimeout(60_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        greeting = String.valueOf(in.readLine());
    }

    /// What the server said first.
    public String greeting() {
        return greeting;
    }

    /// Sends a line; returns the next that comes, `null` as text at the end.
    public String ask(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        return String.valueOf(in.readLine());
    }

    /// The same where a list follows, up to a dot.
    public List<String> list(String line) throws IOException {
        List<String> lines = new ArrayList<>(List.of(ask(line)));
        for (String next = in.readLine(); next != null && !next.equals("."); next = in.readLine()) {
            lines.add(next);
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
