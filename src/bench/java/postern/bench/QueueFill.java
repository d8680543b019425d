package postern.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.IntFunction;
import postern.address.Address;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.queue.LogQueue;
import postern.queue.Mail;
import postern.queue.Queue;
import postern.queue.QueueId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;

/// Puts messages into a queue by its own classes: quicker than any client could.
final class QueueFill {
    private static final int WRITERS = 200;
    private static final int PIECE = 16 * 1024;
    private static final int DEFERRED_SIZE = 200;

    private QueueFill() {}

    /// The queue below `queue_directory`.
    static LogQueue open(Path directory, ExecutorService background) throws IOException {
        MainCf cf = MainCf.of(directory, Map.of("queue_directory", directory.toString()));
        return LogQueue.open(cf, InstantSource.system(), MailLog.none(), background);
    }

    /// One deferred message.
    record Deferred(String domain, Instant due, int nextHopHash) {}

    /// Defers so many messages.
    static void defer(LogQueue queue, int count, IntFunction<Deferred> each) throws InterruptedException {
        byte[] text = new byte[DEFERRED_SIZE];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int first = i;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = first; n < count; n += WRITERS) {
                    Deferred deferred = each.apply(n);
                    List<String> reasons = List.of("connect to mx.example.org[192.0.2.1]:25: Connection timed out");
                    QueueId id = put(queue, text, deferred.domain());
                    queue.later(id, new Queue.Later(deferred.due(), 1, deferred.nextHopHash(), false, reasons));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /// Commits one message to a recipient in this domain.
    static QueueId put(LogQueue queue, byte[] text, String domain) {
        Queue.Incoming incoming = queue.incoming();
        for (int at = 0; at < text.length; at += PIECE) {
            incoming.write(ByteBuffer.wrap(text, at, Math.min(PIECE, text.length - at)));
        }
        incoming.commit(mail(incoming.id(), text.length, domain));
        return incoming.id();
    }

    private static Mail mail(QueueId id, long size, String domain) {
        return new Mail(
                id,
                postern.address.Path.of(new Address("sender", "example.com")),
                Params.NONE,
                Peer.LOCAL,
                Instant.now(),
                List.of(new Recipient(new Address("recipient", domain), Params.NONE)),
                size,
                "<1@example.com>",
                false,
                false,
                "",
                false);
    }
}
