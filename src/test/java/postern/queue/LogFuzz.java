package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import postern.log.MailLog;

/// Whatever is on the disk, reading it ends with an IOException at worst.
class LogFuzz {
    @FuzzTest(maxDuration = "10s")
    void anyPayloadIsReadOrDamaged(FuzzedDataProvider data) {
        int which = data.consumeInt(0, 2);
        ByteBuffer bytes = ByteBuffer.wrap(data.consumeRemainingAsBytes());
        try {
            switch (which) {
                case 0 -> again(MailCodec.decode(new QueueId(1), bytes));
                case 1 -> assertThat(State.decode(bytes).reasons()).isNotNull();
                default -> assertThat(MailRecord.decode(bytes).text().size()).isNotNegative();
            }
        } catch (DamagedException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    /// What was read once reads the same again.
    private static void again(Mail mail) throws DamagedException {
        assertThat(MailCodec.decode(mail.id(), MailCodec.encode(mail))).isEqualTo(mail);
    }

    @FuzzTest(maxDuration = "10s")
    void anySegmentIsOpened(FuzzedDataProvider data) throws IOException {
        SimDisk disk = new SimDisk();
        boolean header = data.consumeBoolean();
        int kind = data.consumeInt(1, 9);
        byte[] bytes = data.consumeRemainingAsBytes();
        Disk.DiskFile file = disk.create("00000001-0000.log");
        int at = 0;
        if (header) {
            file.write(new SegmentHeader(new SegmentName(1, 0), 5, 5).encode(), 0);
            at = SegmentHeader.BYTES;
        }
        LogRecord record = new LogRecord(kind, 7, ByteBuffer.wrap(bytes), ByteBuffer.allocate(0));
        ByteBuffer start = ByteBuffer.allocate(LogRecord.HEADER);
        record.putHeader(start, new SegmentName(1, 0));
        file.write(new ByteBuffer[] {start.flip(), record.payload()}, at);
        LogQueue queue = new LogQueue(disk, QueueScript.SMALL, () -> QueueContract.START, MailLog.none());
        queue.recover();
        queue.forEach(id -> read(queue, id));
        queue.close();
    }

    private static void read(LogQueue queue, QueueId id) {
        try {
            queue.read(id);
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotNull();
        }
    }
}
