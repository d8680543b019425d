package postern;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;
import postern.net.Connection;
import postern.net.TlsSettings;

/// A client that sends mail: each command and answer is shown.
final class DemoSender implements Closeable {
    private static final String ESMTP = "EHLO ";

    private final DemoClient client;
    private final String name;
    private final Consumer<String> show;

    /// Connects and says EHLO.
    ///
    /// @param name of the client's host
    DemoSender(Connection connection, String name, Consumer<String> show) throws IOException {
        this.client = new DemoClient(connection);
        this.name = name;
        this.show = show;
        answer();
        ask(ESMTP + name);
    }

    /// TLS, then a login.
    void logIn(TlsSettings tls, String user, String password) throws IOException {
        command("STARTTLS");
        client.startTls(tls);
        ask(ESMTP + name);
        String secret = "\0" + user + "\0" + password;
        String answer =
                ask("AUTH PLAIN " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
        show.accept("AUTH PLAIN (" + user + ") → " + answer);
    }

    /// Hands one message over.
    ///
    /// @param text with CR LF line ends and no line that begins with a dot
    /// @throws IOException when it is not taken; the message says what was answered
    void send(String from, String to, String text) throws IOException {
        command("MAIL FROM:<" + from + ">");
        command("RCPT TO:<" + to + ">");
        ask("DATA");
        client.write(text + ".\r\n");
        show.accept("DATA, " + text.getBytes(StandardCharsets.UTF_8).length + " bytes → " + answer());
    }

    /// Asks whether a recipient would be taken. Returns the answer.
    String rcpt(String from, String to) throws IOException {
        command("MAIL FROM:<" + from + ">");
        client.write("RCPT TO:<" + to + ">\r\n");
        String reply = lastLine();
        show.accept("RCPT TO:<" + to + "> → " + reply);
        return reply;
    }

    private void command(String line) throws IOException {
        show.accept(line + " → " + ask(line));
    }

    private String ask(String line) throws IOException {
        client.write(line + "\r\n");
        return answer();
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
        String line = client.line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = client.line();
        }
        if (line.isEmpty()) {
            throw new IOException("the server said nothing");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        client.write("QUIT\r\n");
        client.close();
    }
}
