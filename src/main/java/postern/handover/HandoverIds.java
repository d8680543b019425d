package postern.handover;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import postern.smtp.HandoverId;

/// Makes ids that nobody can guess; the random bits come many at once, as each asking for them is slow. Safe for
/// use from many threads.
final class HandoverIds {
    private static final int AT_ONCE = 4096;

    private final SecureRandom random = new SecureRandom();
    private final ByteBuffer bits = ByteBuffer.allocate(AT_ONCE).limit(0);

    synchronized HandoverId next() {
        if (!bits.hasRemaining()) {
            random.nextBytes(bits.array());
            bits.clear();
        }
        return new HandoverId(bits.getLong(), bits.getLong());
    }
}
