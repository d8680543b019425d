package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stops the machine at each step of a load, with any part of what was not forced on the disk, and looks
/// whether every promise was kept: a message that was committed is there with its text, once; a message that
/// was done is gone when that was forced; nothing else is there. And whether each hand-over id tells the truth:
/// it is taken where its message was committed, with or without an answer, and nowhere else.
class LogQueueCrashTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyStep(long seed) throws IOException {
        int steps = steps(seed);
        assertThat(steps).isGreaterThan(200);
        for (int step = 1; step <= steps; step++) {
            crash(seed, step);
        }
    }

    @Test
    void drainedQueueLeavesNothing() throws IOException {
        SimDisk disk = new SimDisk();
        load(disk, new QueueScript(4));
        assertThat(disk.used())
                .as("the reserve, one empty segment, and the ids of 60 messages")
                .isLessThan(QueueScript.SMALL.reserve() + 2 * SegmentHeader.BYTES + 80 * 16);
    }

    /// The steps of the whole load.
    static int steps(long seed) throws IOException {
        SimDisk disk = new SimDisk();
        load(disk, new QueueScript(seed));
        return disk.steps();
    }

    private static void load(SimDisk disk, QueueScript script) throws IOException {
        script.reopen(disk);
        script.run(30);
        script.restart(disk);
        script.run(20);
        script.idle();
        script.restart(disk);
        script.run(10);
        script.idle();
        script.drain();
        script.restart(disk);
        assertThat(script.size()).isZero();
    }

    static void crash(long seed, int step) throws IOException {
        Random luck = new Random(seed * 100_000 + step);
        try {
            SimDisk disk = new SimDisk();
            disk.crashAt(step);
            QueueScript script = new QueueScript(seed);
            try {
                load(disk, script);
            } catch (SimDisk.Crash e) {
                // this is what we came for
            }
            SimDisk found = again(script, disk.afterCrash(luck), luck);
            found.crashAt(found.steps() + 1 + luck.nextInt(100));
            try {
                script.run(5);
                script.idle();
                script.restart(found);
                script.run(5);
                script.idle();
            } catch (SimDisk.Crash e) {
                // once more
            }
            found = again(script, found.afterCrash(luck), luck);
            script.idle();
            script.restart(found);
            script.drain();
            script.restart(found);
            assertThat(script.size()).isZero();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", crash at step " + step + ": " + e.getMessage(), e);
        }
    }

    /// Starts again; one time in three the machine stops once more while it starts.
    private static SimDisk again(QueueScript script, SimDisk found, Random luck) throws IOException {
        SimDisk disk = found;
        if (luck.nextInt(3) == 0) {
            disk.crashAt(1 + luck.nextInt(6));
            try {
                script.reopen(disk);
            } catch (SimDisk.Crash e) {
                disk = disk.afterCrash(luck);
            }
            disk.crashAt(Integer.MAX_VALUE);
        }
        script.reopen(disk);
        script.check();
        return disk;
    }
}
