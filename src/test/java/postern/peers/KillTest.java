package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` under load: every message that was answered 250 arrives, unaltered. 25 rounds here, 500 in
/// `./dev crash` (`-Dpostern.kill.rounds=500`).
class KillTest {
    private static final int ROUNDS = Integer.getInteger("postern.kill.rounds", 25);
    private static final int SENDERS = 8;

    @TempDir
    private Path directory;

    private final AtomicInteger lastId = new AtomicInteger();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @Test
    void whatWasAnswered250Arrives() throws IOException, InterruptedException {
        long seed = Long.getLong("postern.seed", System.nanoTime());
        System.out.println("kill -9: " + ROUNDS + " rounds, seed " + seed);
        Random random = new Random(seed);
        try (Sink sink = new Sink("127.0.0.1", 0)) {
            int port = freePort();
            configure(port, sink.port());
            for (int round = 0; round < ROUNDS; round++) {
                PosternProcess server = new PosternProcess(directory, "127.0.0.1:" + port);
                List<Thread> senders = load(port);
                int enough = acknowledged.size() + 1 + random.nextInt(300);
                Commands.await("mail to be acknowledged", Duration.ofSeconds(60), () -> acknowledged.size() >= enough);
                server.kill();
                for (Thread sender : senders) {
                    sender.join();
                }
            }
            try (PosternProcess server = new PosternProcess(directory, "127.0.0.1:" + port)) {
                Commands.await(
                        "all mail to arrive; the server said: " + server.said(),
                        Duration.ofSeconds(60),
                        () -> acknowledged.stream().allMatch(id -> sink.times(id) > 0));
            }
            assertThat(acknowledged).as("acknowledged").hasSizeGreaterThan(ROUNDS);
            for (Sink.Taken message : sink.taken()) {
                assertThat(sumOf(message.text())).as("checksum of %s", message).isEqualTo(sumField(message.text()));
            }
            long twice = acknowledged.stream().filter(id -> sink.times(id) > 1).count();
            System.out.println(
                    "kill -9: " + acknowledged.size() + " acknowledged, 0 lost, " + twice + " arrived again");
        }
    }

    private List<Thread> load(int port) {
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(Thread.ofVirtual().start(() -> send(port)));
        }
        return senders;
    }

    private void send(int port) {
        try (Sender sender = new Sender("127.0.0.1", port)) {
            while (true) {
                String id = "m" + lastId.incrementAndGet();
                String body = ("line of " + id + "\r\n").repeat(1 + lastId.get() % 200);
                sender.send(
                        "a@example.net",
                        "b@example.com",
                        "X-Id: " + id + "\r\nX-Sum: " + sum(body) + "\r\n\r\n" + body);
                acknowledged.add(id);
            }
        } catch (IOException e) {
            // the server is dead: what was under way may or may not arrive
        }
    }

    private static String sum(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        return Long.toHexString(crc.getValue());
    }

    private static String sumOf(String text) {
        return sum(text.substring(text.indexOf("\r\n\r\n") + 4));
    }

    private static String sumField(String text) {
        int at = text.indexOf("\nX-Sum: ") + 8;
        return text.substring(at, text.indexOf("\r\n", at));
    }

    private void configure(int port, int sinkPort) throws IOException {
        Files.writeString(directory.resolve("main.cf"), """
                compatibility_level = 3.6
                myhostname = mail.example.com
                mydestination =
                mynetworks = 127.0.0.0/8
                relay_domains = example.com
                transport_maps = inline:{ example.com=relay:[127.0.0.1]:%d }
                smtp_tls_security_level = none
                queue_directory = %s
                data_directory = %s
                maillog_file = %s
                local_transport = error:local mail delivery is disabled
                local_recipient_maps =
                """.formatted(
                        sinkPort, directory.resolve("spool"), directory.resolve("data"), directory.resolve("log")));
        Files.writeString(directory.resolve("master.cf"), "127.0.0.1:" + port + " inet n - n - - smtpd\n");
        Files.createDirectories(directory.resolve("spool"));
        Files.createDirectories(directory.resolve("data"));
    }

    private static int freePort() throws IOException {
        try (java.net.ServerSocket socket =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
