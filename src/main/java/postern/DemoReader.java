package postern;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;
import postern.net.Connection;
import postern.net.TlsSettings;

/// A client that reads mail by POP3 (RFC 1939): what it asks and hears is shown.
final class DemoReader implements Closeable {
    private final DemoClient client;
    private final Consumer<String> show;

    /// Connects with TLS from the first byte.
    DemoReader(Connection connection, TlsSettings tls, Consumer<String> show) throws IOException {
        this.client = new DemoClient(connection);
        this.show = show;
        client.startTls(tls);
        client.line();
    }

    void logIn(String user, String password) throws IOException {
        show.accept("USER " + user + " → " + ask("USER " + user));
        show.accept("PASS (secret) → " + ask("PASS " + password));
    }

    /// The text of a message, by its number from 1.
    String read(int number) throws IOException {
        String command = "RETR " + number;
        show.accept(command + " → " + ask(command));
        StringBuilder text = new StringBuilder();
        for (String line = client.line(); !line.equals("."); line = client.line()) {
            text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return text.toString();
    }

    private String ask(String line) throws IOException {
        client.write(line + "\r\n");
        String answer = client.line();
        if (!answer.startsWith("+OK")) {
            throw new IOException("the server said: " + answer);
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        ask("QUIT");
        client.close();
    }
}
