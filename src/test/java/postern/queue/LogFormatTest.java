package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import postern.log.MailLog;
import postern.queue.Disk.DiskFile;

/// What is on the disk, across versions: one up and down works with a full queue.
class LogFormatTest {
    private static final int NEW_KIND = 77;
    private static final String FIRST = "00000001-0000.log";

    private Instant now = QueueContract.START;

    @Test
    void queueOfALaterMajorVersionIsRefusedUntouched() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        put(queue, 100);
        queue.close();
        version(disk, FIRST, 3 << 16);
        byte[] before = bytes(disk, FIRST);
        assertThatThrownBy(() -> open(disk)).hasMessageContaining("has format 3.0, this version reads 2.x");
        assertThat(bytes(disk, FIRST)).isEqualTo(before);
    }

    @Test
    void queueOfALaterMinorVersionIsReadAndItsNewRecordsGoWhereTheirMessageGoes() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        QueueId stays = put(queue, 3000);
        QueueId goes = put(queue, 3000);
        appendNewKind(queue, stays);
        appendNewKind(queue, goes);
        queue.flusher().round(true);
        queue.close();
        version(disk, FIRST, 2 << 16 | 9);

        LogQueue later = open(disk);
        assertThat(later.read(stays)).isNotNull();
        later.done(goes, QueueContract.bits(0, 1, 2));
        for (int i = 0; i < 4; i++) {
            now = now.plusSeconds(700);
            later.flusher().round(true);
            later.chores();
            later.compaction().run();
        }
        assertThat(disk.list()).doesNotContain(FIRST);
        assertThat(newKinds(disk)).containsExactly(stays.value());
        assertThat(later.read(stays)).isNotNull();
    }

    /// A crash while a file of an emptied segment was being written over: what is left of its first life, up to a
    /// whole footer, is nobody's mail.
    @Test
    void whatAFileHeldBeforeItWasWrittenOverIsNotRead() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        for (int i = 0; i < 20; i++) {
            queue.done(put(queue, 1000), QueueContract.bits(0, 1, 2));
        }
        now = now.plusSeconds(100);
        queue.flusher().round(true);
        queue.chores();
        queue.compaction().run();
        assertThat(disk.list()).anyMatch(file -> file.startsWith("spare-"));
        QueueId id = put(queue, 1000);
        while (disk.list().stream().anyMatch(file -> file.startsWith("spare-"))) {
            id = put(queue, 1000);
        }

        LogQueue again = open(disk.afterCrash(new Random(3)));
        assertThat(again.read(id)).isNotNull();
        again.forEach(kept -> assertThat(read(again, kept).mail().size()).isEqualTo(1000));
        assertThat(again.counts().waiting()).isEqualTo(queue.counts().active());
    }

    private static Queued read(LogQueue queue, QueueId id) {
        try {
            return Objects.requireNonNull(queue.read(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A stop leaves nothing behind of mail that is gone.
    @Test
    void sparesAreDeletedAtAStopAndWhenTheyAreNotUsed() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 30; i++) {
                queue.done(put(queue, 1000), QueueContract.bits(0, 1, 2));
            }
            now = now.plusSeconds(100);
            queue.flusher().round(true);
            queue.chores();
            queue.compaction().run();
            assertThat(disk.list()).anyMatch(file -> file.startsWith("spare-"));
            if (round == 0) {
                now = now.plusSeconds(700);
                queue.chores();
            } else {
                queue.close();
            }
            assertThat(disk.list()).noneMatch(file -> file.startsWith("spare-"));
        }
    }

    @Test
    void tornTailIsCut() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        QueueId whole = put(queue, 500);
        QueueId torn = put(queue, 500);
        DiskFile file = disk.open(FIRST);
        long end = SegmentScan.scan(file, new SegmentName(1, 0)).end();
        file.write(ByteBuffer.wrap(new byte[] {0x55}), end - 3);
        LogQueue again = open(disk);
        assertThat(again.read(whole)).isNotNull();
        assertThat(again.read(torn)).isNull();
        assertThat(SegmentFooter.read(disk.open(FIRST), new SegmentName(1, 0))).isNotNull();
    }

    @Test
    void damagedTextIsNeverReadToItsEnd() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        QueueId id = put(queue, 5000);
        disk.open(FIRST).write(ByteBuffer.wrap(new byte[] {1, 2, 3}), SegmentHeader.BYTES + LogRecord.HEADER + 99);
        try (Body body = queue.body(id)) {
            ByteBuffer into = ByteBuffer.allocate(4999);
            assertThat(body.read(into)).isEqualTo(4999);
            assertThatThrownBy(() -> body.read(into.clear())).isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void idsGrowAlthoughTheClockIsSetBackAndNothingIsLeft() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        QueueId before = put(queue, 10);
        queue.done(before, QueueContract.bits(0, 1, 2));
        for (int i = 0; i < 4; i++) {
            now = now.plusSeconds(700);
            queue.flusher().round(true);
            queue.chores();
            queue.compaction().run();
        }
        queue.close();
        now = Instant.parse("2001-01-01T00:00:00Z");
        assertThat(open(disk).incoming().id().value()).isGreaterThan(before.value());
    }

    @Test
    void emptyFileOfACrashIsForgotten() throws IOException {
        SimDisk disk = new SimDisk();
        disk.create("00000003-0000.log");
        disk.create("00000004-0000.log").write(ByteBuffer.allocate(300), 0);
        disk.create("something else");
        put(open(disk), 10);
        assertThat(disk.list())
                .doesNotContain("00000003-0000.log", "00000004-0000.log")
                .contains("something else");
    }

    private static void appendNewKind(LogQueue queue, QueueId id) {
        LogRecord record = new LogRecord(NEW_KIND, id.value(), ByteBuffer.wrap(new byte[40]), ByteBuffer.allocate(0));
        queue.tail()
                .append(
                        record,
                        Row.unknown(NEW_KIND, id.value(), queue.tail().segment().end(), record.size()));
    }

    /// The ids of records of the new kind that are on the disk.
    private static long[] newKinds(SimDisk disk) throws IOException {
        LongStream.Builder ids = LongStream.builder();
        for (String file : disk.list()) {
            SegmentName name = SegmentName.parse(file);
            if (name != null) {
                Rows rows = SegmentScan.rows(disk.open(file), name);
                for (int i = 0; i < rows.size(); i++) {
                    if (rows.get(i).kind() == NEW_KIND) {
                        ids.add(rows.get(i).id());
                    }
                }
            }
        }
        return ids.build().toArray();
    }

    private static void version(SimDisk disk, String name, int version) throws IOException {
        DiskFile file = disk.open(name);
        ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
        file.readFully(bytes, 0);
        SegmentHeader header = SegmentHeader.decode(bytes);
        file.write(new SegmentHeader(version, header.name(), header.made(), header.lastId()).encode(), 0);
        file.force();
    }

    private static byte[] bytes(SimDisk disk, String name) throws IOException {
        DiskFile file = disk.open(name);
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        file.readFully(bytes, 0);
        return bytes.array();
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
