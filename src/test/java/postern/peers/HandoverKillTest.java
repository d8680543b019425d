package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the server behind under load, between commit and reply too: senders bring again what the server in
/// front has answered 451, and each message arrives once. 10 rounds here, 200 in `./dev crash`.
class HandoverKillTest {
    private static final int ROUNDS = Math.max(1, Integer.getInteger("postern.kill.rounds", 25) * 2 / 5);
    private static final int SENDERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path directory;

    private final AtomicInteger lastId = new AtomicInteger();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<String> again = new ConcurrentLinkedQueue<>();
    private final AtomicInteger before = new AtomicInteger();
    private int repeated;
    private PublicDirectory front;

    @Test
    void whatIsBroughtAgainArrivesOnce() throws Exception {
        long seed = Long.getLong("postern.seed", System.nanoTime());
        System.out.println("kill -9 behind: " + ROUNDS + " rounds, seed " + seed);
        Random random = new Random(seed);
        try (Sink sink = new Sink("127.0.0.1", 0)) {
            Path there = Files.createDirectories(directory.resolve("behind"));
            PublicDirectory behind = new PublicDirectory(there, "127.0.0.1:" + sink.port(), """
                    postern_handover = queue
                    postern_handover_clients = 127.0.0.0/8
                    postern_dns_servers = 127.0.0.1:1
                    smtp_tls_security_level = none
                    smtpd_peername_lookup = no
                    minimal_backoff_time = 1s
                    maximal_backoff_time = 1s
                    queue_run_delay = 1s
                    """);
            // nothing leaves it while it is killed: a delivery is not what is looked at
            Path main = there.resolve("main.cf");
            String open = Files.readString(main);
            Files.writeString(main, open + "defer_transports = relay\n");
            Path here = Files.createDirectories(directory.resolve("front"));
            front = new PublicDirectory(here, "127.0.0.1:" + behind.port(), """
                    postern_handover = through
                    postern_dns_servers = 127.0.0.1:1
                    smtp_tls_security_level = none
                    smtpd_peername_lookup = no
                    smtpd_client_connection_count_limit = 0
                    """);
            try (PosternProcess _ = front.start()) {
                for (int round = 0; round < ROUNDS; round++) {
                    load(behind, random);
                }
                try (PosternProcess _ = behind.start()) {
                    repeat();
                    assertThat(again).isEmpty();
                }
            }
            Files.writeString(main, open);
            try (PosternProcess _ = behind.start()) {
                Commands.await("all mail", PATIENCE, () -> acknowledged.stream().allMatch(id -> sink.times(id) > 0));
                Commands.await("the sink to be left alone", PATIENCE, () -> sink.connections() == 0);
            }
            assertThat(acknowledged).isNotEmpty().allMatch(id -> sink.times(id) == 1);
            System.out.println("kill -9 behind: " + acknowledged.size() + " messages, " + repeated
                    + " brought again, of which " + before + " had been taken; each arrived once");
        }
    }

    /// Senders send until the server behind is killed; what was answered 451 before is brought again first.
    private void load(PublicDirectory behind, Random random) throws Exception {
        PosternProcess server = behind.start();
        repeat();
        int enough = acknowledged.size() + 1 + random.nextInt(100);
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(Thread.ofVirtual().start(this::send));
        }
        Commands.await("mail to be acknowledged", PATIENCE, () -> acknowledged.size() >= enough);
        server.kill();
        for (Thread sender : senders) {
            sender.join();
        }
    }

    private void repeat() throws IOException {
        for (String id = again.poll(); id != null; id = again.poll()) {
            repeated++;
            String mine = id;
            Commands.await(id + " to be taken", PATIENCE, () -> send(mine).startsWith("250"));
            acknowledged.add(id);
        }
    }

    private void send() {
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
        // some are long enough to stream
        int lines = number % 10 == 0 ? 1500 : 1 + number % 200;
        try (Sender sender = new Sender("127.0.0.1", front.port())) {
            sender.command("MAIL FROM:<a@example.net>");
            String reply = sender.command("RCPT TO:<you@example.com>");
            if (!reply.startsWith("250")) {
                return reply;
            }
            sender.command("DATA");
            String text = ("a line of message " + id + ", and more of it\r\n").repeat(lines);
            reply = sender.command("X-Id: " + id + "\r\n\r\n" + text + ".");
            before.addAndGet(reply.equals("250 2.0.0 Ok: taken before") ? 1 : 0);
            return reply;
        }
    }
}
