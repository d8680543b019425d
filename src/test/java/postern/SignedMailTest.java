package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import postern.net.Endpoint;
import postern.peers.Commands;
import postern.peers.DkimOracles;
import postern.peers.PostfixInstance;
import postern.peers.PublicDirectory;
import postern.peers.Sender;
import postern.peers.Sink;

/// Mail that a private server signs with the keys that `postern setup` made, verified by Debian's dkimpy and opendkim
/// where it arrives: behind our public server, and behind a plain Postfix.
class SignedMailTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOGIN =
            Base64.getEncoder().encodeToString("\0hello@example.com\0secret".getBytes(StandardCharsets.UTF_8));
    private static final String ZONE = """
            example.com.           IN  A   11.22.33.44
            internet.example.      IN  A   198.51.100.25
            """;
    /// Folded and spaced oddly, with 8-bit text, white space at line ends, dots, and a line that SMTP does not allow.
    private static final String BODY =
            "Gr\u00c3\u00bc\u00c3\u009fe  and \t tabs \r\n..\r\n" + "long ".repeat(300) + "\r\n\r\nend\r\n\r\n\r\n";

    private enum Relay {
        POSTERN,
        POSTFIX
    }

    @TempDir
    private Path directory;

    private final Map<String, String> records = new HashMap<>();
    private Sink internet;
    private AutoCloseable relay;
    private PrivateHome home;
    private DemoZone zone;

    @BeforeEach
    void open() throws IOException {
        Commands.needRoot();
        Commands.need("postfix");
        DkimOracles.need();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        internet = new Sink("127.0.0.1", 0);
        internet.answer(command -> command.startsWith("RCPT TO:<refused@") ? "550 5.1.1 no such user" : null);
        zone = new DemoZone(ZONE);
        home = new PrivateHome(Files.createDirectories(directory.resolve("home")));
        home.write("postfix-accounts.cf", "hello@example.com|" + PrivateHome.hash("secret") + "\n");
        home.write(
                "postfix-virtual.cf",
                "friend@example.com a@internet.example\nnowhere@example.com refused@internet.example\n");
        home.write("postfix-relaymap.cf", "@example.com [192.168.2.2]:25\n");
        home.add("postfix-main.cf", "mynetworks = 127.0.0.0/8\n");
        home.write("mailserver.env", """
                OVERRIDE_HOSTNAME=internal-mail.example.com
                POSTERN_CLEARTEXT_AUTH=1
                POSTMASTER_ADDRESS=hello@example.com
                """);
    }

    private void start(Relay kind) throws IOException {
        Endpoint at;
        Path own = Files.createDirectories(directory.resolve("relay"));
        String transport = "inline:{ internet.example=smtp:[127.0.0.1]:" + internet.port() + " }";
        if (kind == Relay.POSTERN) {
            PublicDirectory ours = new PublicDirectory(
                    own, "127.0.0.1:1", "smtpd_peername_lookup = no\ntransport_maps = " + transport + "\n");
            relay = ours.start();
            at = Endpoint.of(InetAddress.getLoopbackAddress(), ours.port());
        } else {
            String listen = "127.0.0.9:" + PublicDirectory.freePort();
            relay = new PostfixInstance(own, listen, """
                    compatibility_level = 3.6
                    myhostname = mail.example.com
                    mydestination =
                    mynetworks = 127.0.0.0/8
                    always_add_missing_headers = yes
                    transport_maps = %s
                    """.formatted(transport), Map.of());
            at = Endpoint.of(
                    InetAddress.getByName("127.0.0.9"), Integer.parseInt(listen.substring(listen.indexOf(':') + 1)));
        }
        DemoRoads roads = new DemoRoads(home.deadlines());
        roads.lead("192.168.2.2", 25, at, false);
        home.start(roads.from("127.0.0.1"), Map.of("postern_dns_servers", zone.endpoint()));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {home, relay, zone, internet}) {
            if (each != null) {
                each.close();
            }
        }
    }

    private void setup(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("-c", home.config().toString()));
        all.addAll(List.of(words));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        assertThat(SetupVerb.run(new Arguments(all), nowhere)).isZero();
    }

    private void submit(String from, String subject) throws IOException {
        try (Sender sender = new Sender("127.0.0.1", home.port(587))) {
            assertThat(sender.command("AUTH PLAIN " + LOGIN)).startsWith("235");
            sender.send("hello@example.com", "a@internet.example", message(from, subject));
        }
    }

    private void fromOutside(String to, String subject) throws IOException {
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            sender.send("boss@example.com", to, message("boss@example.com", subject));
        }
    }

    private static String message(String from, String subject) {
        return "From:  Somebody   <" + from + ">\r\nTo: a@internet.example,\r\n\t  b@internet.example\r\nSubject: "
                + subject + "\r\n and more\r\nUser-Agent: mine\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\n" + BODY;
    }

    private String arrived(String text) throws IOException {
        try {
            Commands.await(
                    text,
                    PATIENCE,
                    () -> internet.taken().stream()
                            .anyMatch(message -> message.text().contains(text)));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + String.join("\n", home.log()), e);
        }
        return internet.taken().stream()
                .map(Sink.Taken::text)
                .filter(message -> message.contains(text))
                .findFirst()
                .orElseThrow();
    }

    private DkimOracles oracles() {
        return new DkimOracles(directory, records);
    }

    /// opendkim/ as docker-mailserver's command makes it, for the two domains of the guide and the host itself;
    /// TrustedHosts lists this machine, and so does mynetworks.
    @ParameterizedTest
    @EnumSource(Relay.class)
    void withTheTablesOfOpendkim(Relay kind) throws IOException {
        setup("config", "dkim", "domain", "example.com,mail.example.com,internal-mail.example.com");
        for (String domain : List.of("example.com", "mail.example.com", "internal-mail.example.com")) {
            String text = Files.readString(home.config().resolve("opendkim/keys/" + domain + "/mail.txt"));
            records.put(
                    "mail._domainkey." + domain,
                    text.replaceAll("(?s)^[^(]*\\(|\\).*$", "")
                            .replaceAll("\"\\s+\"|[\"\\n\\t]", "")
                            .strip());
        }
        assertThat(home.config().resolve("opendkim/TrustedHosts")).content().contains("127.0.0.1");
        start(kind);

        submit("hello@example.com", "one");
        String one = arrived("Subject: one");
        assertThat(oracles().dkimpy(one)).isEqualTo("rsa-sha256 mail example.com holds");
        assertThat(oracles().opendkim(one)).contains("verification (s=mail, d=example.com, 2048-bit key) succeeded");
        submit("hello@mail.example.com", "two");
        String two = arrived("Subject: two");
        assertThat(oracles().dkimpy(two)).isEqualTo("rsa-sha256 mail mail.example.com holds");
        assertThat(oracles().opendkim(two))
                .contains("verification (s=mail, d=mail.example.com, 2048-bit key) succeeded");
        submit("hello@elsewhere.example", "three");
        assertThat(arrived("Subject: three")).doesNotContain("DKIM-Signature");

        fromOutside("friend@example.com", "forwarded");
        assertThat(arrived("Subject: forwarded")).doesNotContain("DKIM-Signature");
    }

    /// A notice to somebody elsewhere, made here.
    @ParameterizedTest
    @EnumSource(Relay.class)
    void noticesAreSigned(Relay kind) throws IOException {
        setup("config", "dkim", "keysize", "1024", "selector", "s1", "domain", "internal-mail.example.com");
        String text = Files.readString(home.config().resolve("opendkim/keys/internal-mail.example.com/s1.txt"));
        records.put(
                "s1._domainkey.internal-mail.example.com",
                text.replaceAll("(?s)^[^(]*\\(|\\).*$", "")
                        .replaceAll("\"\\s+\"|[\"\\n\\t]", "")
                        .strip());
        start(kind);
        try (Sender sender = new Sender("127.0.0.1", home.port(587))) {
            assertThat(sender.command("AUTH PLAIN " + LOGIN)).startsWith("235");
            assertThat(sender.command("MAIL FROM:<a@internet.example>")).startsWith("250");
            assertThat(sender.command("RCPT TO:<hello@example.com> NOTIFY=SUCCESS"))
                    .startsWith("250");
            assertThat(sender.command("DATA")).startsWith("354");
            assertThat(sender.command(message("hello@example.com", "notify me") + "."))
                    .startsWith("250");
        }
        String notice = arrived("Action: delivered");
        assertThat(oracles().dkimpy(notice)).isEqualTo("rsa-sha256 s1 internal-mail.example.com holds");
        assertThat(oracles().opendkim(notice)).contains("succeeded");
    }

    /// Rspamd's layout with two selectors, an RSA key and an Ed25519 key: both sign.
    @ParameterizedTest
    @EnumSource(Relay.class)
    void withTheKeysOfRspamd(Relay kind) throws IOException {
        home.add("mailserver.env", "ENABLE_RSPAMD=1\nENABLE_OPENDKIM=0\nPOSTERN_WITHOUT=ENABLE_RSPAMD,rspamd\n");
        setup("config", "dkim", "keytype", "ed25519", "selector", "ed", "domain", "example.com");
        setup("config", "dkim", "selector", "mail", "domain", "example.com");
        Path keys = home.config().resolve("rspamd/dkim");
        records.put(
                "ed._domainkey.example.com",
                Files.readString(keys.resolve("ed25519-ed-example.com.public.dns.txt"))
                        .strip());
        records.put(
                "mail._domainkey.example.com",
                Files.readString(keys.resolve("rsa-2048-mail-example.com.public.dns.txt"))
                        .strip());
        home.write("rspamd/override.d/dkim_signing.conf", """
                enabled = true;
                sign_authenticated = true;
                sign_local = false;
                use_domain = "header";
                use_esld = true;
                domain {
                  example.com {
                    selectors [
                      { path = "/tmp/docker-mailserver/rspamd/dkim/rsa-2048-mail-example.com.private.txt"; selector = "mail"; },
                      { path = "/tmp/docker-mailserver/rspamd/dkim/ed25519-ed-example.com.private.txt"; selector = "ed"; }
                    ]
                  }
                }
                """);
        start(kind);

        submit("hello@example.com", "one");
        String one = arrived("Subject: one");
        assertThat(oracles().dkimpy(one).lines())
                .containsExactlyInAnyOrder("rsa-sha256 mail example.com holds", "ed25519-sha256 ed example.com holds");
        fromOutside("friend@example.com", "forwarded");
        assertThat(arrived("Subject: forwarded")).doesNotContain("DKIM-Signature");
    }
}
