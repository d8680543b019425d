package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Handing over between the mail servers of the internet: a real one brings mail with its queue and its retries,
/// ours passes it on, a real one stands behind. Whoever wrote hears of a refusal from his own server, and each
/// recipient gets each message once.
class InternetPeersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /// Longer than what is held in memory.
    private static final String LONG = (".".repeat(3) + "x".repeat(95) + "\r\n").repeat(2000);

    @TempDir
    private Path directory;

    /// Mail servers, as senders of mail for everybody but their own users, and as those behind ours.
    enum Program {
        POSTFIX {
            @Override
            AutoCloseable sender(Path directory, String listen, int ours, int users) throws IOException {
                return new PostfixInstance(directory, listen, """
                        compatibility_level = 3.6
                        myhostname = sender.example.net
                        mydestination =
                        mynetworks = 127.0.0.0/8
                        transport_maps = inline:{ example.net=smtp:[127.0.0.1]:%d }
                        relayhost = [127.0.0.1]:%d
                        minimal_backoff_time = 1s
                        maximal_backoff_time = 2s
                        queue_run_delay = 1s
                        """.formatted(users, ours), Map.of());
            }

            @Override
            AutoCloseable behind(Path directory, String listen, int mailboxes) throws IOException {
                return new PostfixInstance(directory, listen, """
                        compatibility_level = 3.6
                        myhostname = private.example.com
                        mydestination =
                        relay_domains = example.com
                        relay_recipient_maps = inline:{ you@example.com=OK, two@example.com=OK }
                        smtpd_end_of_data_restrictions = check_sender_access inline:{ spam@example.net=REJECT }
                        transport_maps = inline:{ example.com=smtp:[127.0.0.1]:%d }
                        """.formatted(mailboxes), Map.of());
            }

            @Override
            String unknown() {
                return "550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown";
            }
        },

        EXIM {
            @Override
            AutoCloseable sender(Path directory, String listen, int ours, int users) throws IOException {
                return new EximInstance(directory, listen, """
                        primary_hostname = sender.example.net
                        tls_advertise_hosts =
                        acl_smtp_rcpt = accept
                        """, """
                        begin routers
                        users:
                          driver = manualroute
                          domains = example.net
                          route_list = * 127.0.0.1::%d byname
                          self = send
                          transport = smtp
                        internet:
                          driver = manualroute
                          route_list = * 127.0.0.1::%d byname
                          self = send
                          transport = smtp
                        begin transports
                        smtp:
                          driver = smtp
                          allow_localhost
                          tls_verify_certificates =
                          # or a message for one port goes over a connection to another
                          connection_max_messages = 1
                        begin retry
                        * * F,1h,1s
                        """.formatted(users, ours));
            }

            @Override
            AutoCloseable behind(Path directory, String listen, int mailboxes) throws IOException {
                return new EximInstance(directory, listen, """
                        primary_hostname = private.example.com
                        tls_advertise_hosts =
                        acl_smtp_rcpt = recipient
                        acl_smtp_data = text
                        """, """
                        begin acl
                        recipient:
                          deny !domains = example.com
                            message = relay not permitted
                          require verify = recipient
                          accept
                        text:
                          deny senders = spam@example.net
                            message = 554 5.7.1 no spam
                          accept
                        begin routers
                        users:
                          driver = manualroute
                          local_parts = you : two
                          route_list = * 127.0.0.1::%d byname
                          self = send
                          transport = smtp
                        begin transports
                        smtp:
                          driver = smtp
                          allow_localhost
                        """.formatted(mailboxes));
            }

            @Override
            String unknown() {
                return "550 Unrouteable address";
            }
        };

        /// A sender on the internet.
        ///
        /// @param ours the port for all mail but that of its users
        /// @param users the port for mail to example.net
        abstract AutoCloseable sender(Path directory, String listen, int ours, int users) throws IOException;

        /// The server behind ours, for you@example.com and two@example.com.
        abstract AutoCloseable behind(Path directory, String listen, int mailboxes) throws IOException;

        /// How it refuses a recipient.
        abstract String unknown();
    }

    @ParameterizedTest
    @CsvSource({"EXIM, POSTFIX", "POSTFIX, EXIM", "EXIM, EXIM"})
    void eachMessageComesOnceOrIsRefusedInTheSession(Program front, Program back) throws Exception {
        EximInstance.need();
        Commands.need("postfix");
        String listen = "127.0.0.9:" + PublicDirectory.freePort();
        String behind = "127.0.0.8:" + PublicDirectory.freePort();
        PublicDirectory ours = new PublicDirectory(Files.createDirectories(directory.resolve("ours")), behind, """
                postern_handover = through
                smtpd_peername_lookup = no
                mynetworks = 127.0.0.99/32
                """);
        Path frontDirectory = Files.createDirectories(directory.resolve("front"));
        Path backDirectory = Files.createDirectories(directory.resolve("back"));
        Files.setPosixFilePermissions(directory, Files.getPosixFilePermissions(Path.of("/usr")));
        try (Sink mailboxes = new Sink("127.0.0.1", 0);
                Sink users = new Sink("127.0.0.1", 0);
                PosternProcess _ = ours.start();
                AutoCloseable _ = front.sender(frontDirectory, listen, ours.port(), users.port())) {
            World world = new World(listen, ours, mailboxes, users);
            try (AutoCloseable _ = back.behind(backDirectory, behind, mailboxes.port())) {
                unknownUserIsRefused(world, back);
                contentIsRefusedAtItsEnd(world);
                copiesAreOneForEachRecipient(world, back);
            }
            world.send("away", "a@example.net", "x\r\n", "you", "two");
            world.send("away too", "a@example.net", LONG, "you");
            Commands.await(
                    "both to be put off",
                    PATIENCE,
                    () -> world.refused("451 4.4.1 Next hop is not available, try again later") >= 3);
            try (AutoCloseable _ = back.behind(backDirectory, behind, mailboxes.port())) {
                Commands.await("both", PATIENCE, () -> world.copies("away") == 2 && mailboxes.times("away too") == 1);
                // what may have come twice would have come before this one
                world.send("last", "a@example.net", "x\r\n", "you");
                Commands.await("the last", PATIENCE, () -> mailboxes.times("last") == 1);
            }
            assertThat(world.copies("away")).isEqualTo(2);
            assertThat(mailboxes.times("away too")).isEqualTo(1);
            assertThat(mailboxes.taken())
                    .allSatisfy(message -> assertThat(message.sender()).startsWith("<a@example.net>"));
            assertThat(users.taken()).hasSize(3);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + logs(), e);
        }
        assertThat(ours.logged())
                .doesNotContain("postfix/qmgr")
                .doesNotContain("fatal")
                .doesNotContain("panic");
    }

    private String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (String log : List.of("front/log", "front/logs/main", "ours/log", "back/log", "back/logs/main")) {
            Path file = directory.resolve(log);
            logs.append(Files.exists(file) ? file + ":\n" + Files.readString(file) : "");
        }
        return logs.toString();
    }

    private static void unknownUserIsRefused(World world, Program back) throws IOException {
        world.send("unknown", "a@example.net", "x\r\n", "nobody");
        assertThat(world.bounce("unknown")).contains("nobody@example.com").contains(back.unknown());
        assertThat(world.mailboxes().times("unknown")).isZero();
    }

    private static void contentIsRefusedAtItsEnd(World world) throws IOException {
        world.send("spam", "spam@example.net", LONG, "you");
        assertThat(world.bounce("spam")).contains("554 5.7.1 ");
        assertThat(world.refused("554 5.7.1 ")).isPositive();
        assertThat(world.mailboxes().times("spam")).isZero();
    }

    private static void copiesAreOneForEachRecipient(World world, Program back) throws IOException {
        world.send("three", "a@example.net", LONG, "you", "nobody", "two");
        assertThat(world.bounce("three")).contains(back.unknown()).doesNotContain("two@example.com");
        Commands.await("two copies", PATIENCE, () -> world.copies("three") == 2);
        assertThat(world.mailboxes().taken())
                .filteredOn(message -> message.text().contains("X-Id: three"))
                .allSatisfy(message -> assertThat(message.text()).endsWith("\r\n\r\n" + LONG));
    }

    /// @param listen the sender's own server
    private record World(String listen, PublicDirectory ours, Sink mailboxes, Sink users) {
        /// Has the sender's own server take a message.
        void send(String id, String from, String body, String... to) throws IOException {
            int colon = listen.lastIndexOf(':');
            try (Sender sender =
                    new Sender(listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)))) {
                assertThat(sender.command("MAIL FROM:<" + from + ">")).startsWith("250");
                for (String user : to) {
                    assertThat(sender.command("RCPT TO:<" + user + "@example.com>"))
                            .startsWith("250");
                }
                assertThat(sender.command("DATA")).startsWith("354");
                String text = "From: " + from + "\r\nSubject: x\r\nX-Id: " + id + "\r\n\r\n" + body;
                assertThat(sender.command(text.replace("\r\n.", "\r\n..") + "."))
                        .startsWith("250");
            }
        }

        /// What his server tells the sender of a message, on one line.
        String bounce(String id) throws IOException {
            Commands.await("a bounce of " + id, PATIENCE, () -> !bounces(id).isEmpty());
            assertThat(bounces(id)).hasSize(1);
            Sink.Taken bounce = bounces(id).getFirst();
            assertThat(bounce.sender()).startsWith("<>");
            return bounce.text()
                    .substring(0, bounce.text().indexOf("X-Id: " + id))
                    .replaceAll("\\s+", " ");
        }

        private List<Sink.Taken> bounces(String id) {
            return users.taken().stream()
                    .filter(message -> message.text().contains("X-Id: " + id + "\r\n"))
                    .toList();
        }

        /// How many recipients have a message, each in a copy or together.
        int copies(String id) {
            return mailboxes.taken().stream()
                    .filter(message -> message.text().contains("X-Id: " + id + "\r\n"))
                    .mapToInt(message -> message.recipients().size())
                    .sum();
        }

        /// How often ours has refused something with these words.
        long refused(String words) throws IOException {
            return ours.logged().lines().filter(line -> line.contains(words)).count();
        }
    }
}
