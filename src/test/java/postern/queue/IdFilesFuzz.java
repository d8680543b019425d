package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import postern.log.MailLog;

/// Files of hand-over ids with anything in them: a start reads what is sound, or says why it does not.
class IdFilesFuzz {
    private static final int HEADER_AND_ID = 40;

    @FuzzTest
    void whateverIsInAFileOfIdsItEndsSomewhere(FuzzedDataProvider data) throws IOException {
        SimDisk disk = new SimDisk();
        TakenIds ids = ids(disk);
        ids.add(7);
        ids.force(3);
        ids.close();
        Disk.DiskFile file = disk.open("taken-00000001");
        int at = data.consumeInt(0, 80);
        byte[] bytes = data.consumeRemainingAsBytes();
        file.write(ByteBuffer.wrap(bytes), at);
        try {
            TakenIds again = ids(disk);
            assertThat(again.recover()).isNotNegative();
            assertThat(again.has(7) || at < HEADER_AND_ID)
                    .as("what comes before stays")
                    .isTrue();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("is of version");
        }
    }

    @FuzzTest
    void whateverIsInAFileOfDoubtsItEndsSomewhere(FuzzedDataProvider data) throws IOException {
        SimDisk disk = new SimDisk();
        disk.create("doubts")
                .write(ByteBuffer.wrap("Postern doubts 1".getBytes(java.nio.charset.StandardCharsets.US_ASCII)), 0);
        disk.open("doubts").write(ByteBuffer.wrap(data.consumeRemainingAsBytes()), 16);
        Ledger.Lifetimes lifetimes = new Ledger.Lifetimes(Duration.ofDays(5), Duration.ofDays(7));
        Ledger ledger = new Ledger(disk, new byte[32], lifetimes, InstantSource.system(), MailLog.none());
        ledger.recover();
        assertThat(ledger.group(1)).isZero();
    }

    private static TakenIds ids(SimDisk disk) {
        return new TakenIds(disk, TakenIds.Limits.STANDARD, InstantSource.system(), MailLog.none());
    }
}
