package postern.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;

class LogQueueTest extends QueueContract {
    @TempDir
    Path directory;

    private final ExecutorService background = Executors.newSingleThreadExecutor();

    @Override
    Queue open() throws IOException {
        return LogQueue.open(
                directory, QueueLimits.standard(0, TakenIds.Limits.STANDARD), () -> now, MailLog.none(), background);
    }

    @Override
    Queue restarted() throws IOException {
        queue.close();
        return open();
    }

    @AfterEach
    void stopBackground() {
        background.shutdown();
    }
}
