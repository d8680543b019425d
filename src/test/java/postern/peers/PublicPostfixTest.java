package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Postfix in front of ours: it hands over mail for our domains, and sends its own out through us, by a
/// login.
class PublicPostfixTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path ourDirectory;

    @TempDir
    private static Path itsDirectory;

    private static Sink nextHop;
    private static Sink internet;
    private static PublicDirectory ours;
    private static PosternProcess server;
    private static PostfixInstance postfix;
    private static String front;

    @BeforeAll
    static void start() throws IOException {
        Commands.needRoot();
        Commands.need("postfix", "swaks");
        nextHop = new Sink("127.0.0.1", 0);
        internet = new Sink("127.0.0.1", 0);
        front = "127.0.0.9:" + PublicDirectory.freePort();
        Files.writeString(ourDirectory.resolve("users"), "you@example.com|{PLAIN}secret\n");
        ours = new PublicDirectory(ourDirectory, "127.0.0.1:" + nextHop.port(), """
                postern_handover = queue
                mynetworks = 127.0.0.99/32
                smtpd_peername_lookup = no
                smtpd_sasl_auth_enable = yes
                postern_sasl_users = /etc/postfix/users
                transport_maps = hash:/etc/postfix/transport, inline:{ example.net=smtp:[127.0.0.1]:%d }
                """.formatted(internet.port()));
        server = ours.start();
        postfix = new PostfixInstance(
                itsDirectory, front, """
                compatibility_level = 3.6
                myhostname = front.example
                mydestination =
                mynetworks = 127.0.0.0/8
                relay_domains = example.com
                transport_maps = inline:{ example.com=smtp:[127.0.0.1]:%d }
                relayhost = [localhost]:%d
                smtp_host_lookup = native
                smtp_tls_security_level = encrypt
                smtp_sasl_auth_enable = yes
                smtp_sasl_security_options = noanonymous
                smtp_sasl_password_maps = inline:{ [localhost]:%d=you@example.com:secret }
                inet_protocols = ipv4
                """.formatted(ours.port(), ours.port(), ours.port()), Map.of());
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
            nextHop.close();
        }
    }

    @Test
    void whatItHandsOverGoesToTheNextHop() throws IOException {
        Swaks.send(front, "a@example.net", "you@example.com", "--header", "Subject: inwards");

        Sink.Taken message = only(nextHop);
        assertThat(message.sender()).startsWith("<a@example.net>");
        assertThat(message.recipients()).singleElement().asString().startsWith("<you@example.com>");
        assertThat(message.text())
                .contains("Subject: inwards")
                .containsPattern("Received: from front\\.example [^;]*by mail\\.example\\.com [^;]*with ESMTPS id ");
        Commands.await("its log", PATIENCE, () -> postfix.log().contains("to=<you@example.com>"));
        assertThat(postfix.log()).containsPattern("to=<you@example\\.com>, .*status=sent \\(250 2\\.0\\.0 Ok: queued");
    }

    @Test
    void whatItSendsByItsLoginGoesOut() throws IOException {
        Swaks.send(front, "you@example.com", "b@example.net", "--header", "Subject: outwards");

        Sink.Taken message = only(internet);
        assertThat(message.sender()).startsWith("<you@example.com>");
        assertThat(message.recipients()).singleElement().asString().startsWith("<b@example.net>");
        assertThat(message.text()).contains("Subject: outwards");
        assertThat(ours.logged()).containsPattern("client=.*sasl_method=[A-Z0-9-]+, sasl_username=you@example\\.com");
    }

    @Test
    void itsBounceComesBackWhenTheLoginMayNotSendAsTheSender() throws IOException {
        Swaks.send(front, "boss@example.org", "b@example.net", "--header", "Subject: not mine");

        Commands.await(
                "its log",
                PATIENCE,
                () -> postfix.log().contains("from=<boss@example.org>")
                        && postfix.log().contains("553 5.7.1 <boss@example.org>: Sender address rejected"));
        assertThat(internet.taken()).noneMatch(message -> message.text().startsWith("Subject: not mine"));
    }

    private static Sink.Taken only(Sink sink) throws IOException {
        Commands.await("a message", PATIENCE, () -> !sink.taken().isEmpty());
        assertThat(sink.taken()).hasSize(1);
        return sink.taken().getFirst();
    }
}
