package postern.mailbox.transfer;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.mailbox.transfer.ImapParser.Response;
import postern.net.Connection;
import postern.net.TlsSettings;

/// A session with an IMAP server, one command at a time.
final class ImapDialog implements Closeable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// The server says NO or BAD; the message is its text.
    static final class Refused extends MailboxUnreadable {
        private static final long serialVersionUID = 1;

        Refused(String command, String text) {
            super("the server refuses " + command + ": " + text);
        }
    }

    private final Connection connection;
    private ImapParser parser;
    private Set<String> capabilities = Set.of();
    private int tag;

    ImapDialog(Connection connection) {
        this.connection = connection;
        this.parser = parser(connection);
    }

    private static ImapParser parser(Connection connection) {
        return new ImapParser(new BufferedInputStream(new ConnectionStream(connection), 16 << 10));
    }

    private static final class ConnectionStream extends InputStream {
        private final Connection connection;

        ConnectionStream(Connection connection) {
            this.connection = connection;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            // each piece has all the time again
            connection.deadline().in(PATIENCE);
            int got = connection.read(ByteBuffer.wrap(into, from, count));
            if (got < 0 && connection.deadline().expired()) {
                throw new IOException("the server has not answered for " + PATIENCE.toMinutes() + " minutes");
            }
            return got;
        }
    }

    /// Hears the greeting, and starts TLS when it is wanted.
    void begin(@Nullable TlsSettings tls) throws IOException {
        Response greeting = parser.read(null);
        if (!greeting.word(0).equals("OK")) {
            throw new IOException("the server does not greet with OK: " + greeting.word(0) + " " + greeting.text());
        }
        if (tls != null) {
            ask("STARTTLS");
            connection.startTls(tls);
            parser = parser(connection);
        }
        askCapabilities();
    }

    private void askCapabilities() throws IOException {
        Set<String> offered = new HashSet<>();
        ask("CAPABILITY", response -> {
            if (response.word(0).equals("CAPABILITY")) {
                for (int i = 1; i < response.values().size(); i++) {
                    offered.add(response.word(i));
                }
            }
        });
        capabilities = offered;
    }

    boolean can(String capability) {
        return capabilities.contains(capability);
    }

    void login(ImapServer.Login login) throws IOException {
        if (can("AUTH=PLAIN")) {
            boolean isMaster = !login.master().isEmpty();
            String plain = (isMaster ? login.user() : "") + "\0" + (isMaster ? login.master() : login.user()) + "\0"
                    + login.password();
            authenticate(Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)));
        } else if (login.master().isEmpty()) {
            command("LOGIN", "LOGIN " + quoted(login.user()) + " " + quoted(login.password()), null, response -> {});
        } else {
            throw new IOException("the server does not offer AUTH=PLAIN, which a master user needs");
        }
        askCapabilities();
    }

    /// PLAIN (RFC 4616), with the response at once where that is known (RFC 4959).
    private void authenticate(String response) throws IOException {
        if (can("SASL-IR")) {
            command("the login", "AUTHENTICATE PLAIN " + response, null, other -> {});
        } else {
            command("the login", "AUTHENTICATE PLAIN", response, other -> {});
        }
    }

    void ask(String command) throws IOException {
        ask(command, response -> {});
    }

    /// Sends a command; each untagged response is shown as it comes.
    ///
    /// @throws Refused when it is answered NO or BAD
    void ask(String command, Consumer<Response> untagged) throws IOException {
        command(command.split(" ", 2)[0], command, null, untagged);
    }

    /// @param name how a refusal speaks of it
    /// @param more sent when the server asks for more; null for nothing
    private void command(String name, String command, @Nullable String more, Consumer<Response> untagged)
            throws IOException {
        String id = send(command);
        while (true) {
            Response response = parser.read(null);
            if (response.tag().equals("+") && more != null) {
                connection.write(ByteBuffer.wrap((more + "\r\n").getBytes(StandardCharsets.US_ASCII)));
            } else if (response.tag().equals(id)) {
                check(name, response);
                return;
            } else {
                untagged.accept(response);
            }
        }
    }

    /// Sends a FETCH of texts, each of which goes to the sink as it comes.
    void fetch(String command, ImapParser.Sink sink, Consumer<Response> untagged) throws IOException {
        String id = send(command);
        Response response = parser.read(sink);
        while (!response.tag().equals(id)) {
            untagged.accept(response);
            response = parser.read(sink);
        }
        check("FETCH", response);
    }

    private static void check(String name, Response response) throws Refused {
        if (!response.word(0).equals("OK")) {
            throw new Refused(name, response.text().isEmpty() ? response.word(0) : response.text());
        }
    }

    private String send(String command) throws IOException {
        String id = "p" + ++tag;
        connection.deadline().in(PATIENCE);
        connection.write(ByteBuffer.wrap((id + " " + command + "\r\n").getBytes(StandardCharsets.UTF_8)));
        return id;
    }

    /// A string that may stand in a command.
    ///
    /// @throws IllegalArgumentException when it cannot
    static String quoted(String text) {
        if (text.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IllegalArgumentException("a line end cannot be in a command");
        }
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /// The code of a response in upper case and what stands behind it: `[UIDVALIDITY 7]` gives 7; empty when it
    /// is another.
    static String code(Response response, String name) {
        String text = response.text();
        int end = text.indexOf(']');
        if (!text.startsWith("[") || end < 0) {
            return "";
        }
        String[] words = text.substring(1, end).split(" ", 2);
        return words[0].toUpperCase(Locale.ROOT).equals(name) ? words.length > 1 ? words[1] : name : "";
    }

    static List<ImapParser.Value> list(ImapParser.@Nullable Value value) {
        return value instanceof ImapParser.Value.Nested nested ? nested.values() : List.of();
    }

    /// Says goodbye, if the server still listens.
    @Override
    public void close() {
        try {
            connection.deadline().in(Duration.ofSeconds(5));
            ask("LOGOUT");
        } catch (IOException e) {
            // it has gone before
        }
        connection.close();
    }
}
