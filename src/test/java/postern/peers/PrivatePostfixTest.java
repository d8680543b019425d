package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guide's topology with a real Postfix as the private server: ours takes mail for its domain and hands it
/// over, and takes what it sends to the rest of the world.
class PrivatePostfixTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path ourDirectory;

    @TempDir
    private static Path itsDirectory;

    private static Sink internet;
    private static Sink mailboxes;
    private static PublicDirectory ours;
    private static PosternProcess server;
    private static PostfixInstance postfix;
    private static String privateServer;

    @BeforeAll
    static void start() throws IOException {
        Commands.needRoot();
        Commands.need("postfix", "swaks");
        internet = new Sink("127.0.0.1", 0);
        mailboxes = new Sink("127.0.0.1", 0);
        privateServer = "127.0.0.9:" + PublicDirectory.freePort();
        ours = new PublicDirectory(ourDirectory, privateServer, """
                postern_handover = queue
                mynetworks = 127.0.0.9/32
                smtpd_peername_lookup = no
                transport_maps = hash:/etc/postfix/transport, inline:{ example.net=smtp:[127.0.0.1]:%d }
                """.formatted(internet.port()));
        server = ours.start();
        postfix = new PostfixInstance(
                itsDirectory,
                privateServer,
                """
                compatibility_level = 3.6
                myhostname = private.example.com
                mydestination =
                mynetworks = 127.0.0.9/32
                smtp_bind_address = 127.0.0.9
                relay_domains = example.com
                relay_recipient_maps = inline:{ you@example.com=OK }
                transport_maps = inline:{ example.com=smtp:[127.0.0.1]:%d }
                relayhost = [127.0.0.1]:%d
                smtp_tls_security_level = encrypt
                smtp_tls_policy_maps = inline:{ [127.0.0.1]:%d=none }
                smtpd_tls_security_level = may
                smtpd_tls_cert_file = %s/certificates/mail.example.com.crt
                smtpd_tls_key_file = %s/certificates/mail.example.com.key
                """.formatted(mailboxes.port(), ours.port(), mailboxes.port(), ourDirectory, ourDirectory),
                Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        if (postfix != null) {
            postfix.close();
        }
        if (server != null) {
            server.close();
        }
        if (internet != null) {
            internet.close();
            mailboxes.close();
        }
    }

    @Test
    void mailFromTheInternetReachesTheMailboxThroughBoth() throws IOException {
        Swaks.send(ours.listen(), "a@example.net", "you@example.com", "--header", "Subject: inwards", "--tls");

        Sink.Taken message = arrived(mailboxes, "Subject: inwards");
        assertThat(message.sender()).startsWith("<a@example.net>");
        assertThat(message.recipients()).singleElement().asString().startsWith("<you@example.com>");
        assertThat(message.text())
                .containsPattern("Received: from mail\\.example\\.com [^;]*by private\\.example\\.com [^;]*with ESMTPS")
                .containsPattern("Received: from sender\\.example [^;]*by mail\\.example\\.com [^;]*with ESMTPS id ");
        Commands.await(
                "our log",
                PATIENCE,
                () -> ours.logged()
                        .contains("to=<you@example.com>, relay=127.0.0.9[127.0.0.9]:"
                                + privateServer.substring(privateServer.indexOf(':') + 1)));
        assertThat(ours.logged()).containsPattern("dsn=2\\.0\\.0, status=sent \\(250 2\\.0\\.0 Ok: .*queued as ");
    }

    @Test
    void anUnknownUserThereBecomesABounceThatLeaves() throws IOException {
        Swaks.send(ours.listen(), "a@example.net", "nobody@example.com", "--header", "Subject: to nobody");

        Sink.Taken bounce = arrived(internet, "Subject: to nobody");
        assertThat(bounce.sender()).startsWith("<>");
        assertThat(bounce.recipients()).singleElement().asString().startsWith("<a@example.net>");
        assertThat(bounce.text().replaceAll("\r\n[ \t]+", " "))
                .contains("Content-Type: multipart/report; report-type=delivery-status")
                .contains("Final-Recipient: rfc822; nobody@example.com")
                .contains("Action: failed")
                .contains("Status: 5.1.1")
                .contains("Remote-MTA: dns; 127.0.0.9")
                .contains("550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in relay");
        assertThat(ours.logged()).containsPattern("to=<nobody@example\\.com>, .*dsn=5\\.1\\.1, status=bounced");
    }

    @Test
    void mailOfThePrivateServerReachesTheInternetThroughBoth() throws IOException {
        Swaks.send(
                privateServer,
                "you@example.com",
                "b@example.net",
                "--header",
                "Subject: outwards",
                "--local-interface",
                "127.0.0.9");

        Sink.Taken message = arrived(internet, "Subject: outwards");
        assertThat(message.sender()).startsWith("<you@example.com>");
        assertThat(message.recipients()).singleElement().asString().startsWith("<b@example.net>");
        assertThat(message.text())
                .containsPattern(
                        "Received: from private\\.example\\.com [^;]*by mail\\.example\\.com [^;]*with ESMTPS id ");
        assertThat(postfix.log()).contains("to=<b@example.net>").contains("status=sent");
    }

    private static Sink.Taken arrived(Sink sink, String field) throws IOException {
        Commands.await("a message with " + field, PATIENCE, () -> of(sink, field) > 0);
        return sink.taken().stream()
                .filter(message -> message.text().contains(field))
                .findFirst()
                .orElseThrow();
    }

    private static long of(Sink sink, String field) {
        return sink.taken().stream()
                .filter(message -> message.text().contains(field))
                .count();
    }
}
