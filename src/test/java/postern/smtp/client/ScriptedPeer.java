package postern.smtp.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Dialer;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.Trust;

/// The other side of the client's dialogs, from scripts: the n-th connection meets the n-th script.
///
/// ```
/// S: 220 mx.example ESMTP      send a line
/// C: EHLO *                    expect a line; * stands for anything
/// C. <text>                    expect message text up to its dot, and keep it
/// C# 123                       expect 123 bytes of a chunk, and keep them
/// C~ cut                       expect text without its dot, and the end of the connection
/// + tls                        expect a handshake; `+ tls verified`; `+ tls fails`
/// S! 220 early                 with the line before, in the same write
/// expire                       the client's time limit passes
/// close                        close; without it the peer waits for the client to close
/// refuse                       (alone) the connection is refused; `expire` alone: it is not answered
/// ```
public final class ScriptedPeer implements Dialer {
    private static final String TLS_CIPHER = "TLS_AES_256_GCM_SHA384";

    private final Deque<String> scripts = new ArrayDeque<>();
    private final List<Endpoint> dialled = new ArrayList<>();
    private final List<String> dialledFrom = new ArrayList<>();
    private final List<MemoryConnection> connections = new ArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    public ScriptedPeer(String... scripts) {
        this.scripts.addAll(List.of(scripts));
    }

    @Override
    public synchronized Connection dial(Endpoint to, @Nullable Endpoint from, Duration timeout) throws IOException {
        dialled.add(to);
        dialledFrom.add(from == null ? "any" : from.text());
        String script = scripts.pollFirst();
        if (script == null) {
            errors.add("no script for a connection to " + to);
            throw new IOException("No script");
        }
        if (script.strip().equals("refuse")) {
            throw new IOException("Connection refused");
        }
        if (script.strip().equals("expire")) {
            throw new IOException("Connection timed out");
        }
        Exchanger<String> handshakes = new Exchanger<>();
        MemoryConnection connection = new MemoryConnection(to, settings -> facts(exchange(handshakes, "client")));
        connections.add(connection);
        threads.add(Thread.startVirtualThread(() -> play(script, connection, handshakes)));
        return connection;
    }

    /// Where the client connected to, in order.
    public synchronized List<String> dialled() {
        return dialled.stream().map(Endpoint::toString).toList();
    }

    /// The addresses it connected from.
    synchronized List<String> dialledFrom() {
        return List.copyOf(dialledFrom);
    }

    /// The longest time that any step was given.
    public synchronized Duration longestLimit() {
        return connections.stream()
                .flatMap(connection -> connection.limits().stream())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    synchronized MemoryConnection connection(int number) {
        return connections.get(number);
    }

    /// The message texts received.
    public List<String> texts() {
        return List.copyOf(texts);
    }

    /// Waits for all scripts to end; what went otherwise than scripted.
    public List<String> errors() throws InterruptedException {
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofSeconds(10))) {
                errors.add("a script has not ended");
            }
        }
        if (!scripts.isEmpty()) {
            errors.add(scripts.size() + " scripts without a connection");
        }
        return List.copyOf(errors);
    }

    private void play(String script, MemoryConnection connection, Exchanger<String> handshakes) {
        String at = "";
        try {
            StringBuilder waiting = new StringBuilder();
            for (String line : script.lines()
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .toList()) {
                at = line;
                boolean joins = line.startsWith("S!");
                if (!joins && !waiting.isEmpty() && !line.startsWith("S:")) {
                    send(connection, waiting);
                }
                step(line, connection, handshakes, waiting);
            }
            send(connection, waiting);
            if (!at.equals("close")) {
                int next = connection.peerRead();
                if (next >= 0) {
                    errors.add("more from the client: " + (char) next + line(connection));
                }
            }
        } catch (RuntimeException e) {
            errors.add("at " + at + ": " + e.getMessage());
        }
        connection.peerClose();
    }

    private void step(String line, MemoryConnection connection, Exchanger<String> handshakes, StringBuilder waiting) {
        String rest = line.length() > 3 ? line.substring(3) : "";
        switch (line.length() < 2 ? line : line.substring(0, 2)) {
            case "S:", "S!" -> {
                if (line.startsWith("S:")) {
                    send(connection, waiting);
                }
                waiting.append(rest).append("\r\n");
            }
            case "C:" -> expect(rest, line(connection));
            case "C." -> texts.add(text(connection));
            case "C~" -> cut(connection);
            case "C#" -> texts.add(chunk(connection, Integer.parseInt(rest)));
            case "+ " -> exchange(handshakes, line);
            case "ex" -> connection.expire();
            case "cl" -> connection.peerClose();
            default -> throw new IllegalArgumentException("no step of a script: " + line);
        }
    }

    private static void send(MemoryConnection connection, StringBuilder text) {
        connection.peerWrite(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
    }

    private static void expect(String pattern, String line) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
        if (!line.matches(regex)) {
            throw new IllegalStateException("expected " + pattern + " but got " + line);
        }
    }

    private static String line(MemoryConnection connection) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = connection.peerRead(); b != '\n'; b = connection.peerRead()) {
            if (b < 0) {
                throw new IllegalStateException("the client has closed" + (line.size() > 0 ? " after " + line : ""));
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        if (!text.endsWith("\r")) {
            throw new IllegalStateException("line without CR: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    private static String text(MemoryConnection connection) {
        StringBuilder text = new StringBuilder();
        for (String line = line(connection); !line.equals("."); line = line(connection)) {
            text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return text.toString();
    }

    private static void cut(MemoryConnection connection) {
        StringBuilder text = new StringBuilder("\r\n");
        for (int next = connection.peerRead(); next >= 0; next = connection.peerRead()) {
            text.append((char) next);
        }
        if (text.indexOf("\r\n.\r\n") >= 0) {
            throw new IllegalStateException("a whole text, or more behind it: " + text);
        }
    }

    private static String chunk(MemoryConnection connection, int length) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        for (int i = 0; i < length; i++) {
            chunk.write(connection.peerRead());
        }
        return chunk.toString(StandardCharsets.UTF_8);
    }

    private static String exchange(Exchanger<String> handshakes, String mine) {
        try {
            return handshakes.exchange(mine, 10, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException("no handshake", e);
        }
    }

    private static @Nullable TlsFacts facts(String step) {
        return step.endsWith("fails")
                ? null
                : new TlsFacts(
                        "TLSv1.3",
                        TLS_CIPHER,
                        256,
                        List.of(),
                        step.endsWith("verified") ? Trust.VERIFIED : Trust.ANONYMOUS,
                        "");
    }
}
