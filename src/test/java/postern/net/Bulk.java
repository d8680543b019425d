package postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/// Moves much data and checks every byte of it.
final class Bulk {
    static final int SIZE = 16 * 1024 * 1024;

    private Bulk() {}

    static void bothWays(Loopback pair) throws Exception {
        List<CompletableFuture<Long>> sums = new ArrayList<>();
        sums.add(Loopback.async(() -> send(pair.server(), 1)));
        sums.add(Loopback.async(() -> send(pair.client(), 2)));
        sums.add(Loopback.async(() -> receive(pair.client(), 3)));
        sums.add(Loopback.async(() -> receive(pair.server(), 4)));
        assertThat(Loopback.await(sums.get(2))).isEqualTo(Loopback.await(sums.get(0)));
        assertThat(Loopback.await(sums.get(3))).isEqualTo(Loopback.await(sums.get(1)));
    }

    /// Sends pieces of odd sizes; returns the checksum.
    static long send(Connection to, long seed) throws IOException {
        Random random = new Random(seed);
        CRC32C sum = new CRC32C();
        for (int sent = 0; sent < SIZE; ) {
            byte[] piece = new byte[Math.min(1 + random.nextInt(70_000), SIZE - sent)];
            random.nextBytes(piece);
            sum.update(piece);
            to.write(ByteBuffer.wrap(piece));
            sent += piece.length;
        }
        return sum.getValue();
    }

    /// Receives into buffers of odd sizes; returns the checksum.
    static long receive(Connection from, long seed) throws IOException {
        Random random = new Random(seed);
        CRC32C sum = new CRC32C();
        for (int got = 0; got < SIZE; ) {
            ByteBuffer into = ByteBuffer.allocate(Math.min(1 + random.nextInt(40_000), SIZE - got));
            int count = from.read(into);
            assertThat(count).as("bytes read after %d", got).isPositive().isEqualTo(into.position());
            sum.update(into.flip());
            got += count;
        }
        return sum.getValue();
    }
}
