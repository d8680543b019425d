package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the private server behind a public one under load: senders bring again what was answered 451, and each
/// message is in the mailbox once, whether it went there at once or, with a recipient elsewhere, through the queue.
class MailboxKillTest {
    private static final int ROUNDS = Math.max(1, Integer.getInteger("postern.kill.rounds", 25) / 5);
    private static final int SENDERS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final List<Integer> PORTS = List.of(25, 110, 465, 587, 995);

    @TempDir
    private Path directory;

    private final AtomicInteger lastId = new AtomicInteger();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<String> again = new ConcurrentLinkedQueue<>();
    private final int offset = freeOffset();
    private PublicDirectory front;

    private static int freeOffset() {
        return IntStream.iterate(21_000, offset -> offset < 60_000, offset -> offset + 1_333)
                .filter(offset -> PORTS.stream().allMatch(port -> isFree(port + offset)))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private Process startHome() throws IOException {
        Path home = directory.resolve("home");
        List<String> command = PosternProcess.command(
                "private",
                "-Xmx256m",
                "private",
                "-c",
                Files.createDirectories(home.resolve("config")).toString(),
                "--mail",
                Files.createDirectories(home.resolve("mail")).toString(),
                "--state",
                Files.createDirectories(home.resolve("state")).toString(),
                "--port-offset",
                Integer.toString(offset));
        Path output = home.resolve("stdout");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        Commands.await("the private server", PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new IOException("it ended: " + Files.readString(output));
            }
            return Commands.answers("127.0.0.1:" + (110 + offset)) && Commands.answers("127.0.0.1:" + (25 + offset));
        });
        return process;
    }

    private static void kill(Process process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Test
    void eachMessageIsInTheMailboxOnce() throws Exception {
        long seed = Long.getLong("postern.seed", System.nanoTime());
        System.out.println("kill -9 of a private server: " + ROUNDS + " rounds, seed " + seed);
        Random random = new Random(seed);
        try (Sink relay = new Sink("127.0.0.1", 0)) {
            volume(relay.port());
            front = new PublicDirectory(
                    Files.createDirectories(directory.resolve("front")), "127.0.0.1:" + (25 + offset), """
                    postern_dns_servers = 127.0.0.1:1
                    smtp_tls_security_level = none
                    smtpd_peername_lookup = no
                    smtpd_client_connection_count_limit = 0
                    """);
            try (PosternProcess _ = front.start()) {
                for (int round = 0; round < ROUNDS; round++) {
                    load(random);
                }
                Process last = startHome();
                try {
                    repeat();
                    Commands.await(
                            "all mail", PATIENCE, () -> inMailbox().keySet().containsAll(acknowledged));
                    assertThat(inMailbox())
                            .allSatisfy((id, times) -> assertThat(times).as(id).isOne());
                } finally {
                    kill(last);
                }
            }
            assertThat(acknowledged).isNotEmpty();
        }
    }

    private void volume(int relay) throws IOException {
        Path config = Files.createDirectories(directory.resolve("home/config"));
        Files.writeString(config.resolve("postfix-accounts.cf"), "you@example.com|{PLAIN}secret\n");
        Files.writeString(
                config.resolve("postfix-virtual.cf"), "list@example.com you@example.com,x@elsewhere.example\n");
        Files.writeString(config.resolve("postfix-main.cf"), """
                dms_smtpd_sender_restrictions = permit_sasl_authenticated
                smtpd_peername_lookup = no
                postern_handover_clients = 127.0.0.0/8
                smtpd_client_connection_count_limit = 0
                minimal_backoff_time = 1s
                maximal_backoff_time = 1s
                queue_run_delay = 1s
                """);
        Files.writeString(config.resolve("mailserver.env"), """
                OVERRIDE_HOSTNAME=mail.home.example.com
                ENABLE_POP3=1
                DEFAULT_RELAY_HOST=[127.0.0.1]:%d
                """.formatted(relay));
    }

    /// Senders send until the server behind is killed; what was answered 451 before is brought again first.
    private void load(Random random) throws Exception {
        Process server = startHome();
        repeat();
        int enough = acknowledged.size() + 1 + random.nextInt(60);
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(Thread.ofVirtual().start(this::sendUntilRefused));
        }
        Commands.await("mail to be acknowledged", PATIENCE, () -> acknowledged.size() >= enough);
        kill(server);
        for (Thread sender : senders) {
            sender.join();
        }
    }

    private void repeat() throws IOException {
        for (String id = again.poll(); id != null; id = again.poll()) {
            String mine = id;
            Commands.await(id + " to be taken", PATIENCE, () -> send(mine).startsWith("250"));
            acknowledged.add(id);
        }
    }

    private void sendUntilRefused() {
        while (true) {
            String id = "m" + lastId.incrementAndGet();
            try {
                if (!send(id).startsWith("250")) {
                    again.add(id);
                    return;
                }
            } catch (IOException e) {
                throw new IllegalStateException("the server in front is not killed", e);
            }
            acknowledged.add(id);
        }
    }

    /// The answer to the end of the message, or to its recipient when he is refused.
    private String send(String id) throws IOException {
        int number = Integer.parseInt(id.substring(1));
        int lines = number % 10 == 0 ? 1500 : 1 + number % 100;
        try (Sender sender = new Sender("127.0.0.1", front.port())) {
            sender.command("MAIL FROM:<a@example.net>");
            String reply =
                    sender.command("RCPT TO:<" + (number % 3 == 0 ? "list@example.com" : "you@example.com") + ">");
            if (!reply.startsWith("250")) {
                return reply;
            }
            sender.command("DATA");
            return sender.command(
                    "X-Id: " + id + "\r\n\r\n" + ("a line of message " + id + "\r\n").repeat(lines) + ".");
        }
    }

    /// How often each message is there.
    private Map<String, Integer> inMailbox() throws IOException {
        Map<String, Integer> times = new HashMap<>();
        try (LineTalk pop3 = new LineTalk("127.0.0.1", 110 + offset)) {
            pop3.ask("USER you@example.com");
            pop3.ask("PASS secret");
            int count = Integer.parseInt(pop3.ask("STAT").split(" ")[1]);
            for (int i = 1; i <= count; i++) {
                pop3.list("TOP " + i + " 0").stream()
                        .filter(line -> line.startsWith("X-Id: "))
                        .forEach(line -> times.merge(line.substring("X-Id: ".length()), 1, Integer::sum));
            }
        }
        return times;
    }
}
