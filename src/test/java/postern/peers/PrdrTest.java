package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers for each recipient after the text: real clients with PRDR in front, real servers with PRDR and mailboxes
/// over LMTP behind.
class PrdrTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final Sink mailboxes = new Sink("127.0.0.1", 0);
    private final List<String> saved = new CopyOnWriteArrayList<>();
    private volatile boolean full = true;

    /// The mailboxes, over LMTP: `full@` has no room for a while, `no@` wants nothing.
    PrdrTest() throws IOException {
        List<String> rcpts = new ArrayList<>();
        mailboxes.answer(command -> {
            if (command.startsWith("LHLO")) {
                return "250-mailboxes.example\r\n250 PIPELINING";
            }
            if (command.startsWith("MAIL")) {
                rcpts.clear();
            } else if (command.startsWith("RCPT")) {
                rcpts.add(command.replaceAll("^.*<|@.*$", ""));
            }
            return command.equals(".") ? rcpts.stream().map(this::answer).collect(Collectors.joining("\r\n")) : null;
        });
    }

    private String answer(String user) {
        if (user.equals("no")) {
            return "550 5.7.1 Not wanted";
        }
        if (user.equals("full") && full) {
            return "452 4.2.2 Mailbox full";
        }
        saved.add(user);
        return "250 2.0.0 Saved";
    }

    @AfterEach
    void close() throws IOException {
        mailboxes.close();
    }

    private PublicDirectory ours(String way) throws IOException {
        return new PublicDirectory(
                Files.createDirectories(directory.resolve("ours")), "127.0.0.1:" + mailboxes.port(), """
                postern_handover = through
                smtpd_peername_lookup = no
                mynetworks = 127.0.0.99/32
                transport_maps = inline:{ example.com=%s }
                """.formatted(
                                way));
    }

    private PublicDirectory oursToMailboxes() throws IOException {
        return ours("lmtp:inet:[127.0.0.1]:" + mailboxes.port());
    }

    @Test
    void swaksHearsOfEachRecipient() throws IOException {
        Commands.need("swaks");
        PublicDirectory ours = oursToMailboxes();
        try (PosternProcess _ = ours.start()) {
            String to = "you@example.com,full@example.com,no@example.com";
            assertThat(said(Swaks.send(ours.listen(), "a@example.net", to, "--prdr")))
                    .containsSubsequence(
                            "353 PRDR: a reply for each recipient follows",
                            "250 2.0.0 Saved",
                            "452 4.2.2 Mailbox full",
                            "550 5.7.1 Not wanted",
                            "250 2.0.0 Ok: taken for 1 of 3 recipients");
            assertThat(saved).containsExactly("you");
            String both = "you@example.com,me@example.com";
            assertThat(Swaks.send(ours.listen(), "a@example.net", both, "--prdr"))
                    .contains("250 2.0.0 Saved")
                    .doesNotContain("<-  353 ");
            assertThat(Swaks.tryToSend(ours.listen(), "a@example.net", to).text())
                    .contains("451-4.2.2 1 of 3 recipients have the message");
        }
    }

    /// Exim comes again for the one who had no room alone, and tells the sender itself of the one who refused.
    @Test
    void eximInFrontHearsOfEachRecipient() throws Exception {
        EximInstance.need();
        String listen = "127.0.0.9:" + PublicDirectory.freePort();
        PublicDirectory ours = oursToMailboxes();
        try (Sink users = new Sink("127.0.0.1", 0);
                PosternProcess _ = ours.start();
                EximInstance exim = (EximInstance)
                        InternetPeersTest.Program.EXIM.sender(own("exim"), listen, ours.port(), users.port())) {
            Swaks.send(listen, "a@example.net", "you@example.com,full@example.com,no@example.com");
            Commands.await("the bounce", PATIENCE, () -> !users.taken().isEmpty());
            assertThat(users.taken().getFirst().text())
                    .contains("no@example.com", "550 5.7.1 Not wanted")
                    .doesNotContain("rfc822;full@example.com");
            full = false;
            Commands.await("the repeat", PATIENCE, () -> saved.size() >= 2);
            Swaks.send(listen, "a@example.net", "last@example.com");
            Commands.await("the last", PATIENCE, () -> saved.contains("last"));
            assertThat(saved).containsExactly("you", "full", "last");
            assertThat(exim.log()).contains(" CV=no PRDR ");
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + Files.readString(directory.resolve("exim/logs/main")), e);
        }
        assertThat(ours.logged()).doesNotContain("recipients have the message");
    }

    /// A client that has never heard of PRDR: the repeat goes only to the one whom Exim, behind us, has put off.
    @Test
    void eximBehindAnswersForEachRecipient() throws Exception {
        EximInstance.need();
        Commands.need("swaks");
        String behind = "127.0.0.8:" + PublicDirectory.freePort();
        PublicDirectory ours = ours("smtp:[127.0.0.8]:" + behind.substring(behind.lastIndexOf(':') + 1));
        Path room = directory.resolve("room");
        try (Sink users = new Sink("127.0.0.1", 0);
                PosternProcess _ = ours.start();
                EximInstance exim = new EximInstance(own("exim"), behind, """
                        primary_hostname = private.example.com
                        tls_advertise_hosts =
                        prdr_enable
                        acl_smtp_rcpt = accept
                        acl_smtp_data = accept
                        acl_smtp_data_prdr = each
                        """, """
                        begin acl
                        each:
                          deny local_parts = no
                            message = 550 5.7.1 Not wanted
                          defer local_parts = full
                            !condition = ${if exists{%s}}
                            message = 452 4.2.2 Mailbox full
                          accept
                        begin routers
                        users:
                          driver = manualroute
                          route_list = * 127.0.0.1::%d byname
                          self = send
                          transport = smtp
                        begin transports
                        smtp:
                          driver = smtp
                          allow_localhost
                        """.formatted(room, users.port()))) {
            String[] message = {"--data", "Subject: x\\n\\nhello"};
            String to = "you@example.com,full@example.com";
            assertThat(Swaks.tryToSend(ours.listen(), "a@example.net", to, message)
                            .text())
                    .contains("451-4.2.2 1 of 2 recipients have the message", "451 4.2.2 Mailbox full");
            Files.createFile(room);
            assertThat(Swaks.send(ours.listen(), "a@example.net", to, message))
                    .contains("250 2.0.0 Ok: taken for 2 recipients");
            assertThat(said(Swaks.send(ours.listen(), "a@example.net", "last@example.com,no@example.com", "--prdr")))
                    .containsSubsequence("353 PRDR: a reply for each recipient follows", "550 5.7.1 Not wanted");
            Commands.await("all", PATIENCE, () -> users.taken().size() >= 3);
            assertThat(users.taken())
                    .flatMap(Sink.Taken::recipients)
                    .map(recipient -> recipient.replaceAll("<|@.*", ""))
                    .containsExactlyInAnyOrder("you", "full", "last");
            assertThat(exim.log()).contains(" PRDR ");
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + Files.readString(directory.resolve("exim/logs/main")), e);
        }
    }

    private Path own(String name) throws IOException {
        Files.setPosixFilePermissions(directory, Files.getPosixFilePermissions(Path.of("/usr")));
        return Files.createDirectories(directory.resolve(name));
    }

    /// What the server said, of a dialogue as swaks shows it.
    private static List<String> said(String dialogue) {
        return dialogue.lines().map(line -> line.replaceFirst("^<[-*~]* +", "")).toList();
    }
}
