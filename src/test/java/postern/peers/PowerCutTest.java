package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The power fails under load: the file system below the queue is shut down, so that nothing reaches the disk
/// but what was forced. Five rounds here, 50 in `./dev crash` (`-Dpostern.power.rounds=50`).
class PowerCutTest {
    private static final int ROUNDS = Integer.getInteger("postern.power.rounds", 5);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void whatWasAnswered250Arrives(String type) throws IOException, InterruptedException {
        try (LoopMount disk = new LoopMount(type, directory);
                CrashLoad load = new CrashLoad(
                        "power cut on " + type, ROUNDS, directory, disk.path().resolve("spool"))) {
            for (int round = 0; round < ROUNDS; round++) {
                try (PosternProcess server = load.start()) {
                    load.begin();
                    load.awaitSome();
                    disk.cut(load.random().nextBoolean() ? LoopMount.Journal.LOST : LoopMount.Journal.FLUSHED);
                    if (load.random().nextBoolean()) {
                        // a server that lives on without its disk refuses: each sender ends
                        load.awaitSenders();
                    }
                    server.kill();
                }
                load.ended();
                disk.recover();
            }
            load.check();
            assertThat(load.acknowledged()).isGreaterThan(ROUNDS);
        }
    }
}
