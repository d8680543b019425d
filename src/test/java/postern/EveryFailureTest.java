package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.log.MailLog;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.Commands;
import postern.peers.PublicDirectory;
import postern.peers.Sender;
import postern.peers.Sink;

/// A whole server that hands over, with each byte the last one that comes from one side or the other, and with each
/// code that the next hop may answer: what holds for all of them. The transcripts in `src/test/transcripts/handover`
/// say it for those that differ.
class EveryFailureTest {
    private static final String SHORT = "Subject: x\r\n\r\n..\r\n";
    /// More than is held in memory.
    private static final String LONG = SHORT + ("x".repeat(998) + "\r\n").repeat(70);

    @TempDir
    private Path directory;

    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private Sink sink;
    private PublicDirectory files;
    private PublicServer server;

    @BeforeEach
    void start() throws IOException {
        sink = new Sink("127.0.0.1", 0);
        files = new PublicDirectory(directory, "127.0.0.1:" + sink.port(), """
                postern_handover = through
                postern_next_hop_down = defer
                smtpd_peername_lookup = no
                mynetworks = 127.0.0.99/32
                local_header_rewrite_clients =
                inet_interfaces = loopback-only
                smtp_tls_security_level = none
                smtpd_client_connection_count_limit = 0
                postern_dns_servers = 127.0.0.1:1
                """);
        server = PublicServer.start(
                MainCf.load(directory),
                MasterCf.load(directory),
                new PublicServer.Surroundings(MailLog.none(), new DirectDialer(deadlines), deadlines, 0));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        deadlines.close();
        sink.close();
    }

    /// The answer to a message, or to its recipient when he is refused; the session must go on behind it.
    private String send(String text) throws IOException {
        try (Sender sender = new Sender("127.0.0.1", files.port())) {
            assertThat(sender.command("MAIL FROM:<a@example.net>")).startsWith("250");
            String reply = sender.command("RCPT TO:<you@example.com>");
            if (reply.startsWith("2")) {
                assertThat(sender.command("DATA")).startsWith("354");
                reply = sender.command(text + ".");
            }
            assertThat(sender.command("RSET")).startsWith("250");
            return reply;
        }
    }

    /// RFC 5321 §4.2.1: half a reply is none. Whatever is lost, the client keeps the message, or hears 250 because
    /// the next hop has said it to the end.
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void nextHopThatIsLostAfterAnyByteIsTryAgain(int which) throws IOException {
        String text = which == 0 ? SHORT : LONG;
        int bytes = 0;
        String reply;
        do {
            sink.cutAfter(++bytes);
            reply = send(text);
            assertThat(reply).as("after " + bytes + " bytes").matches("451 4[.].*|250 2[.]0[.]0 Ok");
        } while (reply.startsWith("451"));
        assertThat(bytes).isGreaterThan(100);
        String whole = text.replace("\r\n..", "\r\n.");
        assertThat(sink.taken()).isNotEmpty();
        assertThat(sink.taken().stream().allMatch(message -> message.text().endsWith(whole)))
                .isTrue();
    }

    /// RFC 5321 §4.1.1.4: only CR LF . CR LF ends a text. Whatever of it is lost, nothing comes out behind us.
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void clientThatIsLostAfterAnyByteHasSentNothing(int which) throws IOException {
        String text = (which == 0 ? SHORT : LONG) + ".\r\n";
        Set<Integer> places = new TreeSet<>();
        for (int at = 0; at < text.length(); at += at < 64 || at > text.length() - 16 ? 1 : 997) {
            places.add(at);
        }
        for (int at = text.length() - 16; at < text.length(); at++) {
            places.add(at);
        }
        List<String> commands = List.of(
                "EHLO sender.example\r\n",
                "MAIL FROM:<a@example.net>\r\n",
                "RCPT TO:<you@example.com>\r\n",
                "DATA\r\n");
        for (int command = 0; command < commands.size(); command++) {
            for (int at = 0; at < commands.get(command).length(); at += 3) {
                say(commands.subList(0, command), commands.get(command).substring(0, at));
            }
        }
        for (int at : places) {
            say(commands, text.substring(0, at));
        }
        Commands.await("the next hop to be left", Duration.ofSeconds(60), () -> sink.connections() == 0);
        assertThat(sink.taken()).isEmpty();
        say(commands, text);
        assertThat(sink.taken()).hasSize(1);
    }

    /// Says commands, each behind the answer to the one before, and then goes away in what follows.
    private void say(List<String> commands, String rest) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", files.port())) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            answer(in);
            for (String command : commands) {
                out.write(command.getBytes(StandardCharsets.ISO_8859_1));
                answer(in);
            }
            out.write(rest.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            while (in.readLine() != null) {
                // what it still says, until it has gone too
            }
        }
    }

    private static void answer(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && line.startsWith("-", 3)) {
            line = in.readLine();
        }
    }

    /// Issue 3: trouble of the next hop is never answered by 421; EHLO and MAIL are not our client's affair, unless it
    /// is about the sender; all else is said as the next hop has said it.
    @Test
    void everyCodeAtEveryCommandIsTheClientsOr451() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String at : List.of("EHLO", "MAIL", "RCPT", "DATA", ".")) {
            for (int code = 400; code < 560; code = code == 459 ? 500 : code + 1) {
                int said = code;
                sink.answer(command -> command.startsWith(at) || at.equals("EHLO") && command.startsWith("HELO")
                        ? said + " no"
                        : null);
                String heard = send(SHORT);
                if (!heard.startsWith(expected(at, code) + " ")) {
                    wrong.add(at + " " + code + ": " + heard);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(sink.taken()).isEmpty();
    }

    private static int expected(String at, int code) {
        return switch (at) {
            case "EHLO" -> 451;
            case "MAIL" -> code == 552 || code == 553 ? code : 451;
            default ->
                switch (code) {
                    case 421, 503 -> 451;
                    case 521 -> 550;
                    default -> code;
                };
        };
    }
}
