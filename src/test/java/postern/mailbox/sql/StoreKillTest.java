package postern.mailbox.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.peers.Commands;
import postern.peers.Fault;
import postern.peers.LoopMount;

/// The store's process, or its disk, ends while eight threads deliver, change flags, expunge, and segments are emptied:
/// what was committed is there, no UID is given twice, and the store opens by itself.
class StoreKillTest {
    private static final int KILLS = Integer.getInteger("postern.kill.rounds", 6);
    private static final int CUTS = Integer.getInteger("postern.power.rounds", 3);

    @TempDir
    Path directory;

    private static Random random(String what, int rounds) {
        long seed = Long.getLong("postern.seed", System.nanoTime());
        System.out.println(what + " of a mailbox store: " + rounds + " rounds, seed " + seed);
        return new Random(seed);
    }

    @Test
    void whatWasCommittedIsThereAfterAKill() throws IOException, InterruptedException {
        Random random = random("kill -9", KILLS);
        StoreWitness witness = new StoreWitness(directory);
        for (int round = 0; round < KILLS; round++) {
            witness.live(50 + random.nextInt(400), load -> load.toHandle().destroyForcibly());
            witness.verify("round " + round);
        }
    }

    /// The file system below is shut down, so that nothing reaches the disk but what was forced. The load lives on for
    /// a moment, and hears that nothing is kept.
    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void whatWasCommittedIsThereAfterAPowerCut(String type) throws IOException, InterruptedException {
        Random random = random("power cut on " + type, CUTS);
        try (LoopMount disk = new LoopMount(type, directory)) {
            Path mail = Files.createDirectories(disk.path().resolve("mail"));
            StoreWitness witness = new StoreWitness(mail);
            for (int round = 0; round < CUTS; round++) {
                LoopMount.Journal journal = random.nextBoolean() ? LoopMount.Journal.LOST : LoopMount.Journal.FLUSHED;
                witness.live(50 + random.nextInt(400), load -> disk.cut(journal));
                disk.recover();
                witness.verify("cut " + round);
            }
            assertThat(witness.committed()).isGreaterThan(CUTS);
            System.out.println("power cut on " + type + ": " + witness.committed() + " committed, 0 lost");
        }
    }

    /// Forces fail, of the database's log and of segments, for a while: who was told that his mail is kept finds it.
    @Test
    void whatWasCommittedIsThereWhenForcesFail() throws IOException, InterruptedException {
        Commands.needRoot();
        Commands.need("strace");
        Random random = random("forces that fail", KILLS / 3);
        StoreWitness witness = new StoreWitness(directory);
        for (int round = 0; round < Math.max(1, KILLS / 3); round++) {
            List<Fault> faults = new ArrayList<>();
            witness.live(
                    50 + random.nextInt(200),
                    load -> faults.add(new Fault(load.pid(), "fsync,fdatasync", "error=EIO")));
            faults.getFirst().close();
            witness.verify("round " + round);
        }
    }
}
