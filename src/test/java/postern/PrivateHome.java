package postern;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.Sha2Crypt;
import postern.log.MailLog;
import postern.net.Deadlines;
import postern.net.Dialer;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.LineTalk;

/// A private server for tests, on ports of its own, with a config volume that they write.
final class PrivateHome implements Closeable {
    private static final int[] PORTS = {25, 110, 465, 587, 995};

    final Path directory;
    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final List<String> log = new ArrayList<>();
    private final int offset = freeOffset();
    private PrivateServer server;

    /// With POP3, and nobody's names looked up.
    PrivateHome(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(config());
        write("postfix-main.cf", """
                dms_smtpd_sender_restrictions = permit_sasl_authenticated
                smtpd_peername_lookup = no
                """);
        write("mailserver.env", """
                OVERRIDE_HOSTNAME=mail.home.example.com
                ENABLE_POP3=1
                """);
    }

    private static int freeOffset() {
        // other tests on this machine begin to look elsewhere
        int first = 20_000 + (int) (ProcessHandle.current().pid() % 1_777);
        return IntStream.iterate(first, offset -> offset < 60_000, offset -> offset + 1_777)
                .filter(offset -> IntStream.of(PORTS).allMatch(port -> isFree(port + offset)))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /// `{SHA512-CRYPT}$6$…`, as `setup email add` writes it.
    static String hash(String password) {
        return "{SHA512-CRYPT}" + Sha2Crypt.sha512Crypt(password.getBytes(StandardCharsets.UTF_8));
    }

    Path config() {
        return directory.resolve("config");
    }

    Path state() {
        return directory.resolve("state");
    }

    /// Writes a file of the volume.
    PrivateHome write(String file, String text) throws IOException {
        Files.writeString(config().resolve(file), text);
        return this;
    }

    PrivateHome add(String file, String text) throws IOException {
        return write(file, Files.readString(config().resolve(file)) + text);
    }

    /// The same for a file that may be missing.
    PrivateHome append(String file, String text) throws IOException {
        Path path = config().resolve(file);
        return write(file, (Files.exists(path) ? Files.readString(path) : "") + text);
    }

    PrivateHome start() throws IOException {
        return start(new DirectDialer(deadlines), Map.of());
    }

    Deadlines deadlines() {
        return deadlines;
    }

    /// @param dialer the way out
    /// @param settings that go over those of the volume
    PrivateHome start(Dialer dialer, Map<String, String> settings) throws IOException {
        PrivateServer.Places places = new PrivateServer.Places(
                config(),
                Files.createDirectories(directory.resolve("mail")),
                Files.createDirectories(state()),
                Map.of(),
                settings);
        MailLog lines = (service, text) -> {
            synchronized (log) {
                log.add(service + ": " + text);
            }
        };
        server = PrivateServer.start(
                places.read(), places, new PublicServer.Surroundings(lines, dialer, deadlines, offset));
        return this;
    }

    /// Stops it and starts it again.
    void restart() throws IOException {
        server.close();
        start();
    }

    PrivateServer server() {
        return server;
    }

    int port(int number) {
        return number + offset;
    }

    /// The lines of a message, by POP3 in clear.
    List<String> mail(String user, String password, int number) throws IOException {
        try (LineTalk pop3 = pop3(user, password)) {
            return pop3.list("RETR " + number);
        }
    }

    /// A session that has logged in. One before may not have ended yet, and a mailbox has one at a time.
    private LineTalk pop3(String user, String password) throws IOException {
        while (true) {
            LineTalk pop3 = new LineTalk("127.0.0.1", port(110));
            pop3.ask("USER " + user);
            String answer = pop3.ask("PASS " + password);
            if (!answer.startsWith("-ERR [IN-USE]")) {
                return pop3;
            }
            pop3.close();
        }
    }

    /// How many messages there are.
    int count(String user, String password) throws IOException {
        try (LineTalk pop3 = pop3(user, password)) {
            return Integer.parseInt(pop3.ask("STAT").split(" ")[1]);
        }
    }

    List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        deadlines.close();
    }
}
