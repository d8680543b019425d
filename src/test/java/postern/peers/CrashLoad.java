package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/// Mail through a server that is going to crash, again and again, and what must be true of it: every message
/// that was answered 250 arrives, unaltered; and again only because of a crash (RFC 5321 §6.1
/// prefers a second copy to none): never twice in one life of the server.
final class CrashLoad implements AutoCloseable {
    private static final int SENDERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final String name;
    private final Path directory;
    private final Random random;
    private final Sink sink = new Sink("127.0.0.1", 0);
    private final int port = PublicDirectory.freePort();
    private final AtomicInteger lastId = new AtomicInteger();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final List<Integer> arrivedBefore = new ArrayList<>(List.of(0));
    private List<Thread> senders = List.of();

    /// Prints the seed: `-Dpostern.seed=` takes it again.
    ///
    /// @param name of the kind of crash
    /// @param directory for configuration and log
    /// @param queue where the queue lies
    CrashLoad(String name, int rounds, Path directory, Path queue) throws IOException {
        long seed = Long.getLong("postern.seed", System.nanoTime());
        System.out.println(name + ": " + rounds + " rounds, seed " + seed);
        this.name = name;
        this.directory = directory;
        this.random = new Random(seed);
        configure(queue);
    }

    Random random() {
        return random;
    }

    PosternProcess start() throws IOException {
        return new PosternProcess(directory, "127.0.0.1:" + port);
    }

    /// Sends until the server answers anything but 250, or is gone.
    void begin() {
        List<Thread> begun = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            begun.add(Thread.ofVirtual().start(this::send));
        }
        senders = begun;
    }

    /// Waits until something between one message and some hundred more are acknowledged.
    void awaitSome() throws IOException {
        int enough = acknowledged.size() + 1 + random.nextInt(300);
        Commands.await("mail to be acknowledged", PATIENCE, () -> acknowledged.size() >= enough);
    }

    /// Waits until nobody sends any more.
    void awaitSenders() throws InterruptedException {
        for (Thread sender : senders) {
            sender.join();
        }
    }

    /// The server is dead: what arrived so far arrived in this life of it.
    void ended() throws IOException, InterruptedException {
        awaitSenders();
        Commands.await("the sink to be left alone", PATIENCE, () -> sink.connections() == 0);
        arrivedBefore.add(sink.taken().size());
    }

    /// Starts the server once more, and waits for all that was acknowledged.
    void check() throws IOException, InterruptedException {
        try (PosternProcess _ = start()) {
            Commands.await("all mail", PATIENCE, () -> lost().isEmpty());
        } catch (IOException e) {
            throw new IOException(lost().size() + " of " + acknowledged.size() + " acknowledged are lost", e);
        }
        ended();
        for (Sink.Taken message : sink.taken()) {
            assertThat(sumOf(message.text())).as("checksum of %s", message).isEqualTo(field(message, "X-Sum"));
        }
        for (int life = 1; life < arrivedBefore.size(); life++) {
            Set<String> once = new HashSet<>();
            for (Sink.Taken message : sink.taken().subList(arrivedBefore.get(life - 1), arrivedBefore.get(life))) {
                String id = field(message, "X-Id");
                assertThat(once.add(id)).as("%s once in life %s", id, life).isTrue();
            }
        }
        long again = acknowledged.stream().filter(id -> sink.times(id) > 1).count();
        System.out.println(name + ": " + acknowledged.size() + " acknowledged, 0 lost, " + again + " arrived again");
    }

    private List<String> lost() {
        return acknowledged.stream().filter(id -> sink.times(id) == 0).toList();
    }

    int acknowledged() {
        return acknowledged.size();
    }

    private void send() {
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
            // the server is dead, or refuses: what was under way may or may not arrive
        }
    }

    private static String sum(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(crc.getValue());
    }

    private static String sumOf(String text) {
        return sum(text.substring(text.indexOf("\r\n\r\n") + 4));
    }

    private static String field(Sink.Taken message, String name) {
        int at = message.text().indexOf("\n" + name + ": ") + name.length() + 3;
        return message.text().substring(at, message.text().indexOf("\r\n", at));
    }

    private void configure(Path queue) throws IOException {
        Files.writeString(directory.resolve("main.cf"), """
                compatibility_level = 3.6
                postern_handover = queue
                myhostname = mail.example.com
                mydestination =
                mynetworks = 127.0.0.0/8
                relay_domains = example.com
                transport_maps = inline:{ example.com=relay:[127.0.0.1]:%d }
                smtp_tls_security_level = none
                minimal_backoff_time = 1s
                maximal_backoff_time = 1s
                queue_run_delay = 1s
                queue_directory = %s
                data_directory = %s
                maillog_file = %s
                local_transport = error:local mail delivery is disabled
                local_recipient_maps =
                """.formatted(
                        sink.port(),
                        Files.createDirectories(queue),
                        Files.createDirectories(directory.resolve("data")),
                        directory.resolve("log")));
        Files.writeString(directory.resolve("master.cf"), "127.0.0.1:" + port + " inet n - n - - smtpd\n");
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
