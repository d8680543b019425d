package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Handing over before accepting, with the guide's files, between real senders and real next hops.
class HandOverPeersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String THROUGH = """
            postern_handover = through
            smtpd_peername_lookup = no
            mynetworks = 127.0.0.99/32
            """;

    @TempDir
    private Path ourDirectory;

    @TempDir
    private Path itsDirectory;

    @Test
    void postfixBehindRefusesInTheSession() throws IOException {
        Commands.needRoot();
        Commands.need("postfix", "swaks");
        String behind = "127.0.0.9:" + PublicDirectory.freePort();
        PublicDirectory ours = new PublicDirectory(ourDirectory, behind, THROUGH);
        try (Sink mailboxes = new Sink("127.0.0.1", 0);
                PosternProcess _ = ours.start();
                PostfixInstance _ = new PostfixInstance(
                        itsDirectory,
                        behind,
                        """
                        compatibility_level = 3.6
                        myhostname = private.example.com
                        mydestination =
                        relay_domains = example.com
                        relay_recipient_maps = inline:{ you@example.com=OK }
                        transport_maps = inline:{ example.com=smtp:[127.0.0.1]:%d }
                        header_checks = regexp:/etc/postfix/checks
                        """.formatted(mailboxes.port()),
                        Map.of("checks", "/^Subject: spam/ REJECT no spam\n"))) {
            Commands.Output unknown = Swaks.tryToSend(ours.listen(), "a@example.net", "nobody@example.com");
            assertThat(unknown.status()).isEqualTo(24);
            assertThat(unknown.text())
                    .contains("550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in relay");
            Commands.Output spam =
                    Swaks.tryToSend(ours.listen(), "a@example.net", "you@example.com", "--header", "Subject: spam");
            assertThat(spam.status()).isNotZero();
            assertThat(spam.text()).contains("550 5.7.1 no spam");
            assertThat(Swaks.send(ours.listen(), "a@example.net", "you@example.com", "--header", "Subject: ham"))
                    .contains("250 2.0.0 Ok: ", "queued as ");
            Commands.await("the mailbox", PATIENCE, () -> mailboxes.taken().size() == 1);
        }
    }

    @Test
    void postfixInFrontTriesAgainUntilTheNextHopIsBack() throws IOException {
        Commands.needRoot();
        Commands.need("postfix", "swaks");
        int behind = PublicDirectory.freePort();
        String front = "127.0.0.9:" + PublicDirectory.freePort();
        PublicDirectory ours = new PublicDirectory(ourDirectory, "127.0.0.1:" + behind, THROUGH);
        try (PosternProcess _ = ours.start();
                PostfixInstance postfix =
                        new PostfixInstance(itsDirectory, front, """
                        compatibility_level = 3.6
                        myhostname = front.example
                        mydestination =
                        mynetworks = 127.0.0.0/8
                        relayhost = [127.0.0.1]:%d
                        minimal_backoff_time = 1s
                        maximal_backoff_time = 2s
                        queue_run_delay = 1s
                        """.formatted(ours.port()), Map.of())) {
            for (int i = 0; i < 10; i++) {
                Swaks.send(front, "a@example.net", "you@example.com", "--header", "X-Id: " + i);
            }
            Commands.await("451", PATIENCE, () -> postfix.log().contains("451 4.4.1 Next hop is not available"));
            try (Sink mailboxes = new Sink("127.0.0.1", behind)) {
                Commands.await("all ten", PATIENCE, () -> mailboxes.taken().size() >= 10);
                for (int i = 0; i < 10; i++) {
                    assertThat(mailboxes.times(String.valueOf(i))).isOne();
                }
            }
        }
    }
}
