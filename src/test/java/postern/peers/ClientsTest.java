package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debian's mail clients at our server.
class ClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// The one address that may relay without a login.
    private static final String TRUSTED = "127.0.0.7";

    @TempDir
    private static Path directory;

    private static Sink nextHop;
    private static Sink internet;
    private static PublicDirectory configuration;
    private static PosternProcess process;
    private static String server;
    private static String behindProxy;

    @BeforeAll
    static void start() throws IOException {
        Commands.need("swaks", "msmtp", "posttls-finger", "smtp-source");
        nextHop = new Sink("127.0.0.1", 0);
        internet = new Sink("127.0.0.1", 0);
        Files.writeString(directory.resolve("users"), "you@example.com|{PLAIN}secret\n");
        configuration =
                new PublicDirectory(directory, "127.0.0.1:" + nextHop.port(), """
                postern_handover = queue
                mynetworks = %s/32
                smtpd_peername_lookup = no
                smtpd_sasl_auth_enable = yes
                postern_sasl_users = /etc/postfix/users
                smtpd_authorized_xclient_hosts = 127.0.0.1
                smtpd_client_connection_count_limit = 0
                transport_maps = hash:/etc/postfix/transport, inline:{ example.net=smtp:[127.0.0.1]:%d }
                """.formatted(TRUSTED, internet.port()));
        server = configuration.listen();
        behindProxy = "127.0.0.1:" + PublicDirectory.freePort();
        Files.writeString(
                directory.resolve("master.cf"),
                behindProxy + " inet n - n - - smtpd\n"
                        + "  -o smtpd_upstream_proxy_protocol=haproxy\n"
                        + "  -o postern_upstream_proxy_hosts=127.0.0.1\n",
                StandardOpenOption.APPEND);
        process = configuration.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (process != null) {
            process.close();
        }
        if (internet != null) {
            internet.close();
            nextHop.close();
        }
    }

    @Test
    void swaksSendsUnderTls() throws IOException {
        String dialogue = Swaks.send(server, "a@example.net", "you@example.com", "--tls", "--header", "Subject: tls");
        assertThat(dialogue).contains("=== TLS started with cipher TLSv1.3:");
        assertThat(arrived(nextHop, "Subject: tls").text()).containsPattern("with ESMTPS id ");
    }

    @Test
    void swaksSendsAPipeline() throws IOException {
        Swaks.send(server, "a@example.net", "you@example.com,us@example.com", "--pipeline", "--header", "Subject: p");
        assertThat(arrived(nextHop, "Subject: p\r\n").recipients()).hasSize(2);
    }

    @Test
    void aLoginMayRelay() throws IOException {
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            String dialogue = login(mechanism, "secret", "--tls", "--header", "Subject: by " + mechanism)
                    .text();
            assertThat(dialogue).contains("235 2.7.0 Authentication successful");
            assertThat(arrived(internet, "Subject: by " + mechanism).text()).contains("with ESMTPSA id ");
            assertThat(configuration.logged()).contains("sasl_method=" + mechanism + ", sasl_username=you@example.com");
        }
    }

    @Test
    void aWrongPasswordIsRefused() throws IOException {
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            assertThat(login(mechanism, "wrong", "--tls").text())
                    .contains("<~* 535 5.7.8 Error: authentication failed");
        }
        assertThat(configuration.logged()).contains("SASL PLAIN authentication failed");
    }

    @Test
    void nobodyLogsInInClear() throws IOException {
        Commands.Output output = login("PLAIN", "secret");
        assertThat(output.status()).isNotZero();
        assertThat(output.text()).doesNotContain("AUTH PLAIN").doesNotContain("235 ");
        try (Sender sender = new Sender("127.0.0.1", configuration.port())) {
            assertThat(sender.command("AUTH PLAIN AHlvdUBleGFtcGxlLmNvbQBzZWNyZXQ="))
                    .startsWith("538 5.7.11");
        }
    }

    @Test
    void whoIsNeitherKnownNorLoggedInMayNotRelay() throws IOException {
        assertThat(Swaks.tryToSend(server, "a@example.org", "b@example.net").text())
                .contains("454 4.7.1 <b@example.net>: Relay access denied");
    }

    @Test
    void xclientOfAnAuthorisedHostStandsInForTheClient() throws IOException {
        Swaks.send(
                server,
                "a@example.org",
                "b@example.net",
                "--xclient-addr",
                TRUSTED,
                "--xclient-name",
                "trusted.example",
                "--header",
                "Subject: xclient");
        assertThat(arrived(internet, "Subject: xclient").text()).contains("(trusted.example [127.0.0.7])");
        assertThat(configuration.logged()).contains("client=trusted.example[127.0.0.7]");
    }

    @Test
    void xclientIsNotOfferedToAnotherHost() throws IOException {
        Commands.Output output = Swaks.tryToSend(
                server, "a@example.org", "b@example.net", "--local-interface", "127.0.0.2", "--xclient-addr", TRUSTED);
        assertThat(output.status()).isNotZero();
        assertThat(output.text()).contains("Host did not advertise XCLIENT");
    }

    @Test
    void aProxyHeaderStandsInForTheClient() throws IOException {
        for (String version : List.of("1", "2")) {
            Swaks.send(
                    behindProxy,
                    "a@example.org",
                    "b@example.net",
                    "--proxy-version",
                    version,
                    "--proxy-family",
                    version.equals("1") ? "TCP4" : "AF_INET",
                    "--proxy-source",
                    TRUSTED,
                    "--proxy-source-port",
                    "4711",
                    "--proxy-dest",
                    "127.0.0.1",
                    "--proxy-dest-port",
                    "25",
                    "--header",
                    "Subject: proxy " + version);
            assertThat(arrived(internet, "Subject: proxy " + version).text()).contains("[127.0.0.7])");
        }
    }

    @Test
    void msmtpSends() throws IOException {
        Path message = Files.writeString(directory.resolve("message"), "Subject: msmtp\n\ntext\n.\nmore\n");
        Path users = Files.writeString(directory.resolve("password"), "secret\n");
        Commands.run(
                "sh",
                "-c",
                "exec msmtp --file=/dev/null --host=127.0.0.1 --port=" + configuration.port()
                        + " --tls=on --tls-certcheck=off --auth=on --user=you@example.com"
                        + " '--passwordeval=cat " + users + "' -f you@example.com b@example.net <" + message);
        assertThat(arrived(internet, "Subject: msmtp").text()).endsWith("\r\n\r\ntext\r\n.\r\nmore\r\n");
    }

    @Test
    void posttlsFingerLikesOurTls() throws IOException {
        String report = Commands.run("posttls-finger", "-c", "-l", "may", "[127.0.0.1]:" + configuration.port());
        assertThat(report).containsPattern("TLS connection established to .*: TLSv1\\.3 with cipher");
    }

    @Test
    void ofSmtpSourcesMessagesEachArrivesOnce() throws IOException {
        String options = "-s 5 -m 50 -l 4096 -f source@example.org -t you@example.com";
        Commands.run(("smtp-source " + options + " 127.0.0.1:" + configuration.port()).split(" "));
        Commands.await("50 messages", PATIENCE, () -> ofSource().size() >= 50);
        Map<String, Long> ids = ofSource().stream()
                .map(message -> message.text().replaceAll("(?s).*\nMessage-Id: (\\S+).*", "$1"))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(ids).hasSize(50).allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
        assertThat(ofSource()).allSatisfy(message -> assertThat(message.text()).hasSizeGreaterThan(4096));
    }

    private static List<Sink.Taken> ofSource() {
        return nextHop.taken().stream()
                .filter(message -> message.sender().startsWith("<source@"))
                .toList();
    }

    private static Commands.Output login(String mechanism, String password, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--auth", mechanism, "-au", "you@example.com", "-ap"));
        all.add(password);
        all.addAll(List.of(options));
        return Swaks.tryToSend(server, "you@example.com", "b@example.net", all.toArray(String[]::new));
    }

    private static Sink.Taken arrived(Sink sink, String field) throws IOException {
        Commands.await(
                "a message with " + field,
                PATIENCE,
                () -> sink.taken().stream().anyMatch(message -> message.text().contains(field)));
        return sink.taken().stream()
                .filter(message -> message.text().contains(field))
                .findFirst()
                .orElseThrow();
    }
}
