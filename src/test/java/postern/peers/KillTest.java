package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` under load. 25 rounds here, 500 in `./dev crash` (`-Dpostern.kill.rounds=500`).
class KillTest {
    private static final int ROUNDS = Integer.getInteger("postern.kill.rounds", 25);

    @TempDir
    private Path directory;

    @Test
    void whatWasAnswered250Arrives() throws IOException, InterruptedException {
        try (CrashLoad load = new CrashLoad("kill -9", ROUNDS, directory, directory.resolve("spool"))) {
            for (int round = 0; round < ROUNDS; round++) {
                PosternProcess server = load.start();
                load.begin();
                load.awaitSome();
                server.kill();
                load.ended();
            }
            load.check();
            assertThat(load.acknowledged()).isGreaterThan(ROUNDS);
        }
    }
}
