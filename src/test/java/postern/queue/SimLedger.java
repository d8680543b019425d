package postern.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import postern.log.MailLog;

/// A ledger on a disk in memory, for tests of those who write in it: it can be stopped at a step, fail, and
/// be found again as a power cut left it.
public final class SimLedger {
    private final SimDisk disk;
    private final Ledger ledger;

    private SimLedger(SimDisk disk) throws IOException {
        this.disk = disk;
        this.ledger = new Ledger(
                disk,
                new byte[32],
                new Ledger.Lifetimes(Duration.ofDays(5), Duration.ofDays(7)),
                () -> Instant.EPOCH,
                MailLog.none());
        ledger.recover();
    }

    public SimLedger() throws IOException {
        this(new SimDisk());
    }

    public Ledger ledger() {
        return ledger;
    }

    /// Steps at which the disk was changed.
    public int steps() {
        return disk.steps();
    }

    /// Each write and force from now on fails, or no longer.
    public void fails(boolean whether) {
        disk.fault((step, what) -> whether ? new IOException("I/O error") : null);
    }

    /// The machine stops at the step after so many more.
    public void stopAfter(int steps) {
        disk.crashAt(disk.steps() + steps);
    }

    /// Whether this is how the machine stops.
    public static boolean isStop(Throwable thrown) {
        return thrown instanceof SimDisk.Crash;
    }

    /// What a new start finds after the power came back.
    public SimLedger found(long seed) throws IOException {
        return new SimLedger(disk.afterCrash(new Random(seed)));
    }
}
