package postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.log.MailLog;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.Commands;
import postern.peers.PublicDirectory;

/// A reload puts everything that a configuration makes in the place of the last: of that nothing stays, however
/// often it is done.
class ReloadTest {
    private static final int RELOADS = 200;

    @TempDir
    private Path directory;

    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private Answering tables;
    private Answering policies;
    private PublicDirectory files;
    private PublicServer server;

    @BeforeEach
    void start() throws IOException {
        tables = new Answering("9:NOTFOUND ,") {
            @Override
            boolean isWhole(String question) {
                return question.endsWith(",");
            }
        };
        policies = new Answering("action=DUNNO\n\n") {
            @Override
            boolean isWhole(String question) {
                return question.endsWith("\n\n");
            }
        };
        files = new PublicDirectory(directory, "127.0.0.1:1", """
                postern_handover = queue
                smtpd_peername_lookup = no
                inet_interfaces = loopback-only
                postern_dns_servers = 127.0.0.1:1
                smtpd_recipient_restrictions = check_recipient_access socketmap:inet:127.0.0.1:%d:x,
                    check_policy_service inet:127.0.0.1:%d
                smtpd_relay_restrictions = reject_unauth_destination
                """.formatted(tables.port(), policies.port()));
        server = PublicServer.start(
                MainCf.load(directory),
                MasterCf.load(directory),
                new PublicServer.Surroundings(MailLog.none(), new DirectDialer(deadlines), deadlines, 0));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        deadlines.close();
        tables.close();
        policies.close();
    }

    @Test
    void leavesNoThreadsAndNoFilesOpen() throws IOException {
        try (Client old = new Client(files.port())) {
            old.asks();
            long openFiles = 0;
            long threads = 0;
            for (int i = 0; i < RELOADS; i++) {
                assertThat(server.reload()).isEmpty();
                try (Client client = new Client(files.port())) {
                    client.asks();
                }
                if (i == 10) {
                    openFiles = openFiles();
                    threads = threads(i);
                }
            }
            assertThat(policies.taken)
                    .as("each configuration has its own connections")
                    .isGreaterThan(RELOADS);
            long filesAllowed = openFiles + 5;
            Commands.await("files to be closed", Duration.ofSeconds(60), () -> openFiles() <= filesAllowed);
            long threadsAllowed = threads + 5;
            Commands.await("threads to end", Duration.ofSeconds(60), () -> threads(RELOADS) <= threadsAllowed);
            // a session of the first configuration still asks what that one asks
            old.asks();
        }
    }

    /// So a reload and a start alike: what a next hop offers is known before it has been asked again.
    @Test
    void whatNextHopsOfferIsKnownAfterwards() throws IOException {
        Path heard = Files.createDirectories(directory.resolve("spool/postern/handover"))
                .resolve("heard");
        Files.writeString(heard, "[127.0.0.1]:1 5000 DSN\n[192.0.2.1]:25 1 SMTPUTF8\n");
        Files.writeString(directory.resolve("main.cf"), "mynetworks = 192.0.2.0/24\n", StandardOpenOption.APPEND);
        assertThat(server.reload()).isEmpty();
        try (Client stranger = new Client(files.port())) {
            assertThat(stranger.ehlo())
                    .contains("250-SIZE 5000", "250-SMTPUTF8")
                    .doesNotContain("250-DSN");
        }
    }

    @Test
    void isRefusedAsAWholeWhenItCannotListen() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    directory.resolve("master.cf"),
                    files.listen() + " inet n - n - - smtpd\n127.0.0.1:" + taken.getLocalPort()
                            + " inet n - n - - smtpd\n");
            assertThat(server.reload()).contains("port " + taken.getLocalPort());
        }
        assertThat(server.listening()).hasSize(1);
        try (Client client = new Client(files.port())) {
            client.asks();
        }
        assertThat(server.reload()).isEmpty();
        assertThat(server.listening()).hasSize(2);
    }

    private static long openFiles() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Platform and virtual threads; those of the JDK's own pools come and go, so ours are counted by name.
    private long threads(int number) {
        Path dump = directory.resolve("threads-" + number + "-" + System.nanoTime());
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toAbsolutePath().toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            List<String> ours = Files.readAllLines(dump).stream()
                    .filter(line -> line.startsWith("#") && !line.contains("ForkJoinPool"))
                    .toList();
            Files.delete(dump);
            return ours.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A client that gets as far as RCPT.
    private static final class Client implements Closeable {
        private final Socket socket;
        private final BufferedReader from;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            from = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(from.readLine()).startsWith("220 ");
            assertThat(say("HELO client.example")).startsWith("250 ");
        }

        void asks() throws IOException {
            assertThat(say("MAIL FROM:<a@example.net>")).startsWith("250 ");
            assertThat(say("RCPT TO:<you@example.com>")).startsWith("250 ");
            assertThat(say("RSET")).startsWith("250 ");
        }

        List<String> ehlo() throws IOException {
            List<String> lines = new ArrayList<>(List.of(say("EHLO client.example")));
            while (lines.getLast().startsWith("250-")) {
                lines.add(from.readLine());
            }
            return lines;
        }

        private String say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return from.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// A server of one answer.
    private abstract static class Answering implements Closeable {
        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        volatile int taken;

        Answering(String answer) throws IOException {
            Thread.ofVirtual().start(() -> {
                while (!listening.isClosed()) {
                    try {
                        Socket socket = listening.accept();
                        taken++;
                        Thread.ofVirtual().start(() -> talk(socket, answer));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
        }

        abstract boolean isWhole(String question);

        int port() {
            return listening.getLocalPort();
        }

        private void talk(Socket socket, String answer) {
            try (socket) {
                StringBuilder question = new StringBuilder();
                for (int c = socket.getInputStream().read();
                        c >= 0;
                        c = socket.getInputStream().read()) {
                    if (isWhole(question.append((char) c).toString())) {
                        question.setLength(0);
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException e) {
                // The other side is gone.
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
