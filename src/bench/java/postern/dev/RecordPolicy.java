package postern.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.dns.FakeNameServer;
import postern.dns.FixedResolver;
import postern.peers.Commands;
import postern.peers.PostfixInstance;
import postern.policy.Recorded;

/// `./dev record policy [FILE…]`: holds the dialogues of `src/test/golden/policy` with the Postfix of Debian's
/// package once more, and writes what it answers into their `S:` lines. `./dev` gives it a network and a
/// resolv.conf of its own, so that the `> dns` lines of a file are all that there is in DNS.
public final class RecordPolicy {
    private static final String HOST = "127.0.0.62";
    private static final int PORT = 2625;
    private static final int DNS_PORT = 53;

    /// What no dialogue is about, but would end it.
    private static final String ALWAYS = """
            smtpd_authorized_xclient_hosts = 127.0.0.0/8
            smtpd_error_sleep_time = 0
            smtpd_hard_error_limit = 10000
            smtpd_junk_command_limit = 10000
            smtpd_sasl_auth_enable = yes
            """;

    private RecordPolicy() {}

    public static void main(String[] arguments) throws IOException {
        List<Path> files = arguments.length == 0
                ? Recorded.files().toList()
                : Stream.of(arguments).map(Path::of).toList();
        AtomicReference<ZoneAnswers> zone = new AtomicReference<>(new ZoneAnswers(new FixedResolver()));
        try (FakeNameServer _ = new FakeNameServer(DNS_PORT, query -> zone.get().answer(query))) {
            for (Path file : files) {
                record(file, zone);
                System.out.println(file);
            }
        }
    }

    private static void record(Path file, AtomicReference<ZoneAnswers> served) throws IOException {
        FixedResolver zone = new FixedResolver();
        StringBuilder mainCf = new StringBuilder(ALWAYS);
        for (String setting : Recorded.read(file).settings()) {
            if (setting.startsWith("dns ")) {
                zone.add(setting.substring("dns ".length()));
            } else {
                mainCf.append(setting).append('\n');
            }
        }
        served.set(new ZoneAnswers(zone));
        Path directory = Files.createTempDirectory("postern-record");
        List<String> lines = new ArrayList<>();
        try (PostfixInstance _ = new PostfixInstance(directory, HOST + ":" + PORT, mainCf.toString(), Map.of());
                Dialogue dialogue = new Dialogue()) {
            String said = "";
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("C: ")) {
                    said = dialogue.say(line.substring(3));
                } else if (line.startsWith("S: ") && !said.isEmpty()) {
                    // each message has a queue id of its own
                    lines.add(said.contains("queued as") && line.contains("queued as") ? line : "S: " + said);
                    said = "";
                    continue;
                }
                lines.add(line);
            }
        }
        Files.write(file, lines);
        Commands.run("rm", "-rf", directory.toString());
    }

    /// A client that connects anew for each XCLIENT.
    private static final class Dialogue implements AutoCloseable {
        private @Nullable Socket socket;
        private @Nullable BufferedReader from;

        String say(String command) throws IOException {
            if (socket == null || command.startsWith("XCLIENT ")) {
                close();
                socket = new Socket(HOST, PORT);
                from = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                reply();
            }
            Writer to = new java.io.OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
            to.write(command + "\r\n");
            to.flush();
            return reply();
        }

        /// The last line of a reply.
        private String reply() throws IOException {
            String line;
            do {
                line = from == null ? null : from.readLine();
                if (line == null) {
                    throw new IOException("Postfix closed the connection");
                }
            } while (line.startsWith("-", 3));
            return line;
        }

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
