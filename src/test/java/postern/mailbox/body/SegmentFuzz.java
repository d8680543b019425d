package postern.mailbox.body;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// Whatever is on the disk, reading a text ends with the right number of bytes or an IOException.
class SegmentFuzz {
    private static final int START = 16;

    @FuzzTest(maxDuration = "10s")
    void anyFileIsReadOrDamaged(FuzzedDataProvider data) throws IOException {
        long at = data.consumeLong(0, 200);
        long size = data.consumeLong(0, 200_000);
        long from = data.consumeLong(0, 200_000);
        read(file(data.consumeRemainingAsBytes()), at, size, from);
    }

    /// Blocks whose checksums are right, with anything in them.
    @FuzzTest(maxDuration = "10s")
    void anyBlocksAreReadOrDamaged(FuzzedDataProvider data) throws IOException {
        SimDisk disk = file(new byte[0]);
        Disk.DiskFile file = disk.open(Segment.name(1));
        long size = data.consumeLong(0, 200_000);
        long from = data.consumeLong(0, 200_000);
        long at = START;
        long last = at;
        while (data.remainingBytes() > 0) {
            int kind = data.consumeInt(0, 5);
            byte[] payload = data.consumeBytes(data.consumeInt(0, 100));
            ByteBuffer block = Block.room(payload.length).put(payload);
            file.write(Block.seal(block, kind, 1, at), at);
            last = at;
            at += Block.HEADER + payload.length;
        }
        read(disk, last, size, from);
    }

    private static SimDisk file(byte[] bytes) throws IOException {
        SimDisk disk = new SimDisk();
        disk.create(Segment.name(1)).write(ByteBuffer.wrap(bytes), 0);
        return disk;
    }

    private static void read(SimDisk disk, long at, long size, long from) throws IOException {
        StoredText text = StoredText.open(new ReadFiles(disk), new TextPlace(1, at, 0), size);
        try (InputStream in = new TextStream(text, from)) {
            assertThat(in.readAllBytes()).hasSize((int) Math.max(0, size - from));
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("damaged");
        }
    }
}
