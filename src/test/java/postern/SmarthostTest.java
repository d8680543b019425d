package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.net.Endpoint;
import postern.net.SelfSigned;
import postern.peers.Commands;
import postern.peers.DovecotLogins;
import postern.peers.PostfixInstance;
import postern.peers.PublicDirectory;
import postern.peers.Sender;
import postern.peers.Sink;

/// Mail through somebody else's servers: a real Postfix, with logins by Dovecot, stands in for them. It takes nothing
/// without TLS and a login, on a port with STARTTLS and on one with TLS from the start.
class SmarthostTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "SG.a:b c";
    private static final String LOGIN =
            Base64.getEncoder().encodeToString("\0hello@example.com\0secret".getBytes(StandardCharsets.UTF_8));
    private static final String ZONE = """
            smtp.sendgrid.net.                        IN  A   192.0.2.5
            email-smtp.eu-west-1.amazonaws.com.       IN  A   192.0.2.6
            relay.example.edu.                        IN  A   192.0.2.7
            internet.example.                         IN  MX  10 mx.internet.example.
            mx.internet.example.                      IN  A   198.51.100.25
            """;

    @TempDir
    private Path directory;

    private Sink behind;
    private Sink plain;
    private DovecotLogins logins;
    private PostfixInstance postfix;
    private PrivateHome home;
    private DemoZone zone;
    private DemoRoads roads;

    @BeforeEach
    void open() throws IOException {
        Commands.needRoot();
        Commands.need("postfix", "dovecot");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        behind = new Sink("127.0.0.1", 0);
        plain = new Sink("127.0.0.1", 0);
        logins = new DovecotLogins(
                Files.createDirectories(directory.resolve("dovecot")),
                "apikey:" + PrivateHome.hash(PASSWORD) + "\nsesuser:" + PrivateHome.hash(PASSWORD) + "\n");
        home = new PrivateHome(Files.createDirectories(directory.resolve("home")));
        home.write(
                "postfix-accounts.cf",
                "hello@example.com|" + PrivateHome.hash("secret") + "\nhi@example.org|" + PrivateHome.hash("secret")
                        + "\n");
        home.write("postfix-virtual.cf", "friend@example.com a@internet.example\n");
        home.add("mailserver.env", "POSTERN_CLEARTEXT_AUTH=1\nPOSTMASTER_ADDRESS=hello@example.com\n");
        zone = new DemoZone(ZONE);
        roads = new DemoRoads(home.deadlines());
        int starttls = PublicDirectory.freePort();
        int wrapped = PublicDirectory.freePort();
        postfix = smarthost("127.0.0.9:" + starttls, "127.0.0.9:" + wrapped);
        Endpoint submission = Endpoint.of(InetAddress.getByName("127.0.0.9"), starttls);
        Endpoint submissions = Endpoint.of(InetAddress.getByName("127.0.0.9"), wrapped);
        for (String address : List.of("192.0.2.5", "192.0.2.6")) {
            roads.lead(address, 587, submission, false);
            roads.lead(address, 2587, submission, false);
            roads.lead(address, 465, submissions, false);
        }
        Endpoint inClear = Endpoint.of(InetAddress.getLoopbackAddress(), plain.port());
        roads.lead("192.0.2.7", 25, inClear, false);
        roads.lead("198.51.100.25", 25, inClear, false);
    }

    private PostfixInstance smarthost(String starttls, String wrapped) throws IOException {
        SelfSigned certificate =
                SelfSigned.of(List.of("smtp.sendgrid.net"), Instant.now().minusSeconds(60), Duration.ofDays(1));
        Path key = Files.writeString(directory.resolve("key.pem"), certificate.keyPem());
        Path chain = Files.writeString(directory.resolve("chain.pem"), certificate.certificatePem());
        return new PostfixInstance(
                Files.createDirectories(directory.resolve("postfix")),
                starttls,
                """
                compatibility_level = 3.6
                myhostname = smtp.sendgrid.net
                mydestination =
                mynetworks =
                smtpd_tls_security_level = encrypt
                smtpd_tls_key_file = %s
                smtpd_tls_cert_file = %s
                smtpd_sasl_auth_enable = yes
                smtpd_sasl_type = dovecot
                smtpd_sasl_path = %s
                smtpd_relay_restrictions = permit_sasl_authenticated, reject
                relayhost = [127.0.0.1]:%d
                inet_protocols = ipv4
                """.formatted(key, chain, logins.socket(), behind.port()),
                Map.of(),
                new PostfixInstance.World(
                        starttls + " inet n - n - - smtpd\n" + wrapped
                                + " inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n",
                        null));
    }

    private void start() throws IOException {
        home.start(roads.from("127.0.0.1"), Map.of("postern_dns_servers", zone.endpoint()));
    }

    @AfterEach
    void close() throws IOException {
        for (AutoCloseable each : new AutoCloseable[] {home, zone, postfix, logins, behind, plain}) {
            if (each != null) {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        }
    }

    private void submit(String from, String subject) throws IOException {
        try (Sender sender = new Sender("127.0.0.1", home.port(587))) {
            assertThat(sender.command("AUTH PLAIN " + LOGIN)).startsWith("235");
            sender.send(from, "a@internet.example", "Subject: " + subject + "\r\n\r\nx\r\n");
        }
    }

    private void awaitArrival(Sink sink, String subject) throws IOException {
        try {
            Commands.await(
                    subject,
                    PATIENCE,
                    () -> sink.taken().stream()
                            .anyMatch(message -> message.text().contains("Subject: " + subject)));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + String.join("\n", home.log()) + "\n" + postfix.log(), e);
        }
    }

    private void assertLoggedIn(String from, String user) throws IOException {
        Commands.await(
                "the login of " + user,
                PATIENCE,
                () -> postfix.log().lines().anyMatch(line -> line.contains("sasl_username=" + user)));
        String id = postfix.log()
                .lines()
                .filter(line -> line.contains("from=<" + from + ">"))
                .map(line -> line.replaceFirst("^.*qmgr\\[\\d+]: ([0-9A-F]+): .*", "$1"))
                .findFirst()
                .orElseThrow();
        assertThat(postfix.log()).containsPattern(id + ": client=.*, sasl_method=\\w+, sasl_username=" + user);
    }

    @Test
    void eachDomainLogsInAtItsRelayWithStarttlsOrOnPort465() throws IOException {
        home.write("postfix-relaymap.cf", """
                @example.com  [smtp.sendgrid.net]:587
                @example.org  [email-smtp.eu-west-1.amazonaws.com]:465
                """);
        home.write("postfix-sasl-password.cf", """
                @example.com  apikey:%1$s
                [email-smtp.eu-west-1.amazonaws.com]:465  sesuser:%1$s
                """.formatted(PASSWORD));
        start();
        submit("hello@example.com", "by sendgrid");
        awaitArrival(behind, "by sendgrid");
        assertLoggedIn("hello@example.com", "apikey");
        submit("hi@example.org", "by SES");
        awaitArrival(behind, "by SES");
        assertLoggedIn("hi@example.org", "sesuser");
        assertThat(plain.taken()).isEmpty();

        // a forward with a foreign sender logs in at the first relay as its user
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            sender.send("b@internet.example", "friend@example.com", "Subject: forwarded\r\n\r\nx\r\n");
        }
        awaitArrival(behind, "forwarded");
        assertLoggedIn("b@internet.example", "apikey");
    }

    @Test
    void relayHostAndItsUserAreEnough() throws IOException {
        home.add("mailserver.env", """
                RELAY_HOST=smtp.sendgrid.net
                RELAY_PORT=2587
                RELAY_USER=apikey
                RELAY_PASSWORD=%s
                """.formatted(PASSWORD));
        start();
        submit("hello@example.com", "by RELAY_HOST");
        awaitArrival(behind, "by RELAY_HOST");
        assertLoggedIn("hello@example.com", "apikey");
    }

    @Test
    void defaultRelayHostOnPort465AndItsUserAreEnough() throws IOException {
        home.add("mailserver.env", """
                DEFAULT_RELAY_HOST=[smtp.sendgrid.net]:465
                RELAY_USER=apikey
                RELAY_PASSWORD=%s
                """.formatted(PASSWORD));
        start();
        submit("hello@example.com", "by DEFAULT_RELAY_HOST");
        awaitArrival(behind, "by DEFAULT_RELAY_HOST");
        assertLoggedIn("hello@example.com", "apikey");
    }

    /// A password never goes in clear; where none is given, TLS is not required of anybody.
    @Test
    void tlsIsRequiredOfTheRelaysThatGetAPasswordAndOfNoOther() throws IOException {
        home.write("postfix-relaymap.cf", "@example.com [relay.example.edu]:25\n");
        home.write("postfix-sasl-password.cf", "@example.com apikey:" + PASSWORD + "\n");
        home.add("postfix-main.cf", "sender_dependent_relayhost_maps = texthash:/etc/postfix/relayhost_map\n");
        start();
        submit("hello@example.com", "with a password");
        submit("hi@example.org", "without one");
        awaitArrival(plain, "without one");
        Commands.await(
                "the refusal",
                PATIENCE,
                () -> home.log().stream()
                        .anyMatch(line ->
                                line.contains("status=deferred (TLS is required, but was not offered by host")));
        assertThat(plain.taken()).noneMatch(message -> message.text().contains("with a password"));
    }
}
