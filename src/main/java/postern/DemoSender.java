package postern;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import postern.net.Connection;
import postern.wire.LineReader;
import postern.wire.Window;

/// A mail client of a few lines: one message, each command and answer shown.
final class DemoSender {
    private final Connection connection;
    private final LineReader lines;
    private final Consumer<String> show;

    private DemoSender(Connection connection, Consumer<String> show) {
        this.connection = connection;
        this.lines = new LineReader(new Window(connection));
        this.show = show;
    }

    /// Hands one message over.
    ///
    /// @param text with CR LF line ends and no line that begins with a dot
    /// @throws IOException when it is not taken; the message says what was answered
    static void send(Connection connection, String from, String to, String text, Consumer<String> show)
            throws IOException {
        try (connection) {
            connection.deadline().in(Duration.ofSeconds(30));
            DemoSender sender = new DemoSender(connection, show);
            sender.answer();
            sender.command("EHLO " + from.substring(from.indexOf('@') + 1));
            sender.command("MAIL FROM:<" + from + ">");
            sender.command("RCPT TO:<" + to + ">");
            sender.command("DATA");
            sender.write(text + ".\r\n");
            show.accept("(" + text.length() + " bytes) → " + sender.answer());
            sender.write("QUIT\r\n");
        }
    }

    /// Asks whether a recipient would be taken. Returns the answer.
    static String ask(Connection connection, String from, String to, Consumer<String> show) throws IOException {
        try (connection) {
            connection.deadline().in(Duration.ofSeconds(30));
            DemoSender sender = new DemoSender(connection, show);
            sender.answer();
            sender.command("EHLO " + from.substring(from.indexOf('@') + 1));
            sender.command("MAIL FROM:<" + from + ">");
            sender.write("RCPT TO:<" + to + ">\r\n");
            String reply = sender.lastLine();
            show.accept("RCPT TO:<" + to + "> → " + reply);
            sender.write("QUIT\r\n");
            return reply;
        }
    }

    private void command(String line) throws IOException {
        write(line + "\r\n");
        show.accept(line + " → " + answer());
    }

    private void write(String text) throws IOException {
        connection.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// The last line of an answer that is not a refusal.
    private String answer() throws IOException {
        String line = lastLine();
        if (line.charAt(0) > '3') {
            throw new IOException("the server said: " + line);
        }
        return line;
    }

    private String lastLine() throws IOException {
        String line = lines.read(1000);
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = lines.read(1000);
        }
        if (line == null || line.isEmpty()) {
            throw new IOException("the server said: " + line);
        }
        return line;
    }
}
