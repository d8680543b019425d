package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.mailauth.DkimVerdict;
import postern.mailauth.DkimVerifier;

/// The guide from end to end, on its own addresses and ports and with its files unchanged: our two servers as
/// processes, and our private server behind Debian's Postfix. Each server has a line of its own to the internet; from
/// the home's nothing ever leaves.
class GuideTest {
    private static final String YOU = "you@example.com";
    private static final String FRIEND = "somebody@example.net";
    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path directory;

    /// What differs between the two public servers is how they refuse.
    private enum Front {
        POSTERN,
        POSTFIX
    }

    @Test
    void bothServersAreOurs() throws IOException {
        GuideNetwork.need();
        scenario(Front.POSTERN);
    }

    @Test
    void thePublicServerIsPostfix() throws IOException {
        GuideNetwork.need();
        Commands.need("postfix");
        scenario(Front.POSTFIX);
    }

    /// The lines of docs/guide.md for two servers that know each other: the private one hears of the true client, and
    /// judges and names him.
    @Test
    void thePrivateServerHearsOfTheTrueClient() throws IOException {
        GuideNetwork.need();
        Path config = volume();
        Path main = config.resolve("postfix-main.cf");
        Files.writeString(main, Files.readString(main) + """
                smtpd_authorized_xclient_hosts = 192.168.2.2
                postern_handover_clients = 192.168.2.2
                """);
        try (GuideNetwork network = new GuideNetwork(directory, "")) {
            network.startPublic();
            network.startPrivate(config);
            Commands.Output said = fromTheInternet(network, YOU, "inwards");
            assertThat(said.status()).as(said.text()).isZero();
            assertThat(read(network, "Subject: inwards"))
                    .contains("Received: from mx.example.net (mx.example.net [198.51.100.25])\r\n\tby internal-mail");
            Commands.Output unknown = fromTheInternet(network, "nobody@example.com", "to nobody");
            assertThat(unknown.status()).isEqualTo(24);
            assertThat(unknown.text()).contains("550 5.1.1 <nobody@example.com>");
            Commands.Output refused = network.internet.run(
                    "swaks", "--server", GuideNetwork.PUBLIC, "--helo", "nodots", "--from", FRIEND, "--to", YOU);
            assertThat(refused.text()).contains("504 5.5.2 <nodots>: Helo command rejected");
        }
    }

    private void scenario(Front front) throws IOException {
        Path config = volume();
        try (GuideNetwork network = new GuideNetwork(directory, "")) {
            if (front == Front.POSTERN) {
                network.startPublic();
            } else {
                network.startPostfix();
            }
            network.startPrivate(config);
            try {
                messageIsReadByPop3(network);
                unknownUserIsRefused(network, front);
                answerIsSignedAndRelayed(network, config);
                bounceOfYourMailIsInYourMailbox(network);
                forwardLeavesByTheRelay(network);
                bounceToTheInternetLeavesByTheRelay(network, front);
            } catch (IOException | AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + network.logs(), e);
            }
            assertThat(network.arrived()).extracting(Sink.Taken::peer).containsOnly(GuideNetwork.PUBLIC);
        }
    }

    /// The guide's two files as they stand, and what every volume has.
    private Path volume() throws IOException {
        Path config = Files.createDirectories(directory.resolve("config"));
        for (String name : List.of("postfix-relaymap.cf", "postfix-main.cf")) {
            Files.copy(Path.of("conf/private", name), config.resolve(name));
        }
        Files.writeString(config.resolve("mailserver.env"), """
                OVERRIDE_HOSTNAME=internal-mail.example.com
                ENABLE_POP3=1
                SPOOF_PROTECTION=1
                """);
        GuideNetwork.setup(config, "email", "add", YOU, PASSWORD);
        GuideNetwork.setup(config, "alias", "add", "postmaster@example.com", YOU);
        GuideNetwork.setup(config, "alias", "add", "friend@example.com", FRIEND);
        GuideNetwork.setup(config, "alias", "add", "nowhere@example.com", "refused@example.net");
        GuideNetwork.setup(config, "config", "dkim");
        return config;
    }

    private static Commands.Output fromTheInternet(GuideNetwork network, String to, String subject) throws IOException {
        return network.internet.run(
                "swaks",
                "--server",
                GuideNetwork.PUBLIC,
                "--helo",
                "mx.example.net",
                "--from",
                FRIEND,
                "--to",
                to,
                "--tls-optional",
                "--header",
                "Subject: " + subject,
                "--body",
                "text of " + subject);
    }

    private static Commands.Output submitted(GuideNetwork network, String from, String to, String subject)
            throws IOException {
        return network.home.run(
                "swaks",
                "--server",
                "192.168.2.3:587",
                "-tls",
                "--auth",
                "PLAIN",
                "--auth-user",
                YOU,
                "--auth-password",
                PASSWORD,
                "--from",
                from,
                "--to",
                to,
                "--header",
                "Subject: " + subject,
                "--header",
                "User-Agent: mine",
                "--body",
                "text of " + subject);
    }

    /// All messages in the mailbox.
    private static List<String> mailbox(GuideNetwork network) throws IOException {
        List<String> all = new ArrayList<>();
        for (int number = 1; ; number++) {
            Commands.Output read = network.home.run(
                    "curl", "-s", "-k", "--user", YOU + ":" + PASSWORD, "pop3s://192.168.2.3/" + number);
            if (read.status() != 0) {
                return all;
            }
            all.add(read.text());
        }
    }

    private static String read(GuideNetwork network, String text) throws IOException {
        Commands.await(
                "mail with " + text,
                GuideNetwork.PATIENCE,
                () -> mailbox(network).stream().anyMatch(message -> message.contains(text)));
        return mailbox(network).stream()
                .filter(message -> message.contains(text))
                .findFirst()
                .orElseThrow();
    }

    private static void messageIsReadByPop3(GuideNetwork network) throws IOException {
        Commands.Output said = fromTheInternet(network, YOU, "inwards");
        assertThat(said.status()).as(said.text()).isZero();
        assertThat(read(network, "Subject: inwards"))
                .startsWith("Return-Path: <" + FRIEND + ">\r\nDelivered-To: " + YOU + "\r\nReceived: ")
                .containsPattern("Received: from mail\\.example\\.com \\(.*\\[192\\.168\\.2\\.2]\\)")
                .containsPattern("Received: from mx\\.example\\.net \\(mx\\.example\\.net \\[198\\.51\\.100\\.25]\\)")
                .contains("text of inwards");
    }

    /// Ours refuses in the session; Postfix has taken it by then, and writes to whoever the sender seems to be.
    private static void unknownUserIsRefused(GuideNetwork network, Front front) throws IOException {
        Commands.Output said = fromTheInternet(network, "nobody@example.com", "to nobody");
        if (front == Front.POSTERN) {
            assertThat(said.status()).isEqualTo(24);
            assertThat(said.text()).contains("550 5.1.1 <nobody@example.com>").doesNotContain("192.168.2");
        } else {
            assertThat(said.status()).isZero();
            assertThat(network.arrival("to nobody").sender()).startsWith("<>");
        }
    }

    private static void answerIsSignedAndRelayed(GuideNetwork network, Path config) throws IOException {
        Commands.Output said = submitted(network, YOU, FRIEND, "outwards");
        assertThat(said.status()).as(said.text()).isZero();
        Sink.Taken message = network.arrival("Subject: outwards");
        assertThat(message.sender()).startsWith("<" + YOU + ">");
        assertThat(message.text())
                .containsPattern("Received: from internal-mail\\.example\\.com \\(.*\\[192\\.168\\.2\\.3]\\)")
                .doesNotContain("User-Agent")
                .doesNotContain("192.168.2.3]:587");
        String record = Files.readString(config.resolve("opendkim/keys/example.com/mail.txt"))
                .replaceAll("(?s)^[^(]*\\(|\\).*$", "")
                .replaceAll("\"\\s+\"|[\"\\n\\t]", "");
        assertThat(new DkimVerifier(name -> List.of(record), InstantSource.system())
                        .verify(message.text().getBytes(StandardCharsets.ISO_8859_1)))
                .containsExactly(new DkimVerdict("example.com", "mail", "rsa-sha256", ""));
        Commands.Output spoofed = submitted(network, "boss@example.com", FRIEND, "spoofed");
        assertThat(spoofed.text()).contains("553 5.7.1 <boss@example.com>: Sender address rejected: not owned by user");
    }

    private static void bounceOfYourMailIsInYourMailbox(GuideNetwork network) throws IOException {
        Commands.Output said = submitted(network, YOU, "refused@example.net", "to be refused");
        assertThat(said.status()).as(said.text()).isZero();
        assertThat(read(network, "Subject: to be refused"))
                .startsWith("Return-Path: <>\r\nDelivered-To: " + YOU)
                .contains("report-type=delivery-status", "Final-Recipient: rfc822; refused@example.net", "550 5.1.1");
    }

    /// The sender is somebody on the internet: no line of the map names him, but there is only one relay.
    private static void forwardLeavesByTheRelay(GuideNetwork network) throws IOException {
        Commands.Output said = fromTheInternet(network, "friend@example.com", "forwarded");
        assertThat(said.status()).as(said.text()).isZero();
        Sink.Taken message = network.arrival("Subject: forwarded");
        assertThat(message.sender()).startsWith("<" + FRIEND + ">");
        assertThat(message.recipients()).singleElement().asString().startsWith("<" + FRIEND + ">");
        assertThat(message.text()).as("mail from outside is not signed").doesNotContain("DKIM-Signature");
    }

    /// The bounce of a forward has nobody as its sender.
    private static void bounceToTheInternetLeavesByTheRelay(GuideNetwork network, Front front) throws IOException {
        Commands.Output said = fromTheInternet(network, "nowhere@example.com", "in vain");
        assertThat(said.status()).as(said.text()).isZero();
        Sink.Taken message = network.arrival("Subject: in vain");
        assertThat(message.sender()).startsWith("<>");
        assertThat(message.text()).contains("refused@example.net");
        if (front == Front.POSTERN) {
            assertThat(message.text()).contains("<MAILER-DAEMON@internal-mail.example.com>");
        }
    }
}
