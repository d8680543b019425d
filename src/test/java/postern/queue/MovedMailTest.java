package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import postern.log.MailLog;

/// A message is done while it is copied forward, and the machine stops before the copy has its own DONE record:
/// the one that there is names the segment that goes first.
class MovedMailTest {
    private Instant now = QueueContract.START;

    @Test
    void messageThatWasDoneWhileItMovedNeverComesBack() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        QueueId stays = put(queue, 5000);
        QueueId moves = put(queue, 100);
        queue.done(put(queue, 100), QueueContract.bits(0, 1, 2));
        now = now.plusSeconds(1300);
        queue.flusher().round(true);
        queue.chores();
        now = now.plusSeconds(1300);
        doneWhileItMoves(disk, queue, moves);
        try {
            queue.compaction().run();
        } catch (SimDisk.Crash e) {
            // this is what we came for
        }

        SimDisk found = disk.afterCrash(new Random(1));
        assertThat(found.list()).contains("00000001-0000.log", "00000001-0001.log", "00000002-0000.log");
        LogQueue again = open(found);
        assertThat(again.read(moves)).isNull();
        for (int i = 0; i < 5; i++) {
            now = now.plusSeconds(700);
            again.flusher().round(true);
            again.chores();
            again.compaction().run();
        }
        assertThat(found.list())
                .as("only the copy is left")
                .contains("00000001-0001.log")
                .doesNotContain("00000001-0000.log", "00000002-0000.log");
        LogQueue last = open(found.afterCrash(new Random(2)));
        assertThat(last.read(stays)).isNotNull();
        assertThat(last.read(moves)).isNull();
    }

    /// When the copy is about to be forced, the message is done, and that is forced too; then the machine stops.
    private void doneWhileItMoves(SimDisk disk, LogQueue queue, QueueId id) {
        boolean[] done = {false};
        disk.fault((step, what) -> {
            if (what.equals("force 00000001-0001.log") && !done[0] && hasCopies(disk)) {
                done[0] = true;
                queue.done(id, QueueContract.bits(0, 1, 2));
                queue.flusher().round(true);
                disk.crashAt(disk.steps());
            }
            return null;
        });
    }

    /// The header is forced before there are any.
    private static boolean hasCopies(SimDisk disk) {
        try {
            return disk.open("00000001-0001.log").size() > SegmentHeader.BYTES;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private LogQueue open(SimDisk disk) throws IOException {
        LogQueue queue = new LogQueue(disk, QueueScript.SMALL, () -> now, MailLog.none());
        queue.recover();
        return queue;
    }

    private QueueId put(LogQueue queue, int size) {
        Queue.Incoming incoming = queue.incoming();
        incoming.write(ByteBuffer.wrap(Mails.text(incoming.id().value(), size)));
        incoming.commit(Mails.mail(incoming.id(), now, size));
        return incoming.id();
    }
}
