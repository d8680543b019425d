package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import postern.cleanup.Outlet;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.Sink;
import postern.smtp.Reply;
import postern.smtp.client.SmtpClient;

/// Messages that end in the middle, by the thousand.
class LeakTest {
    private static final int MESSAGES = 10_000;
    private static final int CLIENTS = 8;

    private final Random random = new Random(3);

    /// Dropped before and after RCPT, in a text that is held and in one that flows, with a next hop that
    /// refuses every third command that may be refused.
    @Test
    void tenThousandAbortedMessagesLeaveNothing() throws IOException, InterruptedException {
        ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();
        try (Sink sink = new Sink("127.0.0.1", 0);
                Deadlines deadlines = new Deadlines(new Uptime())) {
            deadlines.start();
            sink.answer(LeakTest::sometimesNo);
            Crossing crossing = new Crossing().lines(4);
            crossing.setup.set("smtp_tls_security_level", "none");
            try (SmtpClient client = crossing.setup.realClient(new DirectDialer(deadlines))) {
                PassThrough through = crossing.to(client, "[127.0.0.1]:" + sink.port());
                List<Thread> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    Random own = new Random(random.nextLong());
                    clients.add(Thread.ofVirtual().start(() -> {
                        try {
                            for (int n = 0; n < MESSAGES / CLIENTS; n++) {
                                aborted(through, own);
                            }
                        } catch (RuntimeException | Error e) {
                            errors.add(e);
                        }
                    }));
                }
                for (Thread thread : clients) {
                    thread.join();
                }
                assertThat(errors).isEmpty();
                assertThat(through.hops().areIdle()).isTrue();
                assertThat(through.store().lent()).isZero();
                assertThat(sink.taken()).isEmpty();
            }
        }
    }

    private static String sometimesNo(String command) {
        int fate = (int) (System.nanoTime() >>> 4) % 9;
        return switch (command.length() < 4 ? "" : command.substring(0, 4)) {
            case "MAIL" -> fate == 0 ? "450 4.7.1 not now" : null;
            case "RCPT" -> fate == 1 ? "550 5.1.1 no such user" : null;
            case "DATA" -> fate == 2 ? "451 4.3.0 no data" : null;
            default -> null;
        };
    }

    private static void aborted(PassThrough through, Random random) {
        Outlet message = Crossing.open(through);
        try {
            int recipients = random.nextInt(4);
            boolean any = false;
            for (int i = 0; i < recipients; i++) {
                any |= Crossing.rcpt(message, "r" + i + "@one.example").startsWith("250");
            }
            int pieces = any ? random.nextInt(8) : 0;
            for (int i = 0; i < pieces; i++) {
                Crossing.write(message, "x".repeat(15_998) + "\r\n");
            }
        } catch (Reply.Refused refused) {
            // as the session does: abort
        }
        message.abort();
    }
}
