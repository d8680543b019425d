package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import postern.queue.Disk.DiskFile;

/// Room on the disk. A file of zeros is kept beside the segments; when a write finds the disk full, it is
/// given up, so that what becomes of messages can still be written and survivors copied forward. No new
/// message is taken until it is back.
final class Space {
    private static final String RESERVE = "reserve";
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);
    private static final int AT_ONCE = 64 * 1024;

    private final Disk disk;
    private final QueueLimits limits;
    private final InstantSource clock;
    private final Spares spares;
    private boolean spent = true;
    private boolean enough = true;
    private @Nullable Pause pause;

    Space(Disk disk, QueueLimits limits, InstantSource clock, Spares spares) {
        this.disk = disk;
        this.limits = limits;
        this.clock = clock;
        this.spares = spares;
    }

    /// Whether a failure means that there is no room, and not that the disk is broken.
    static boolean isFull(Throwable failure) {
        String message = failure.getMessage();
        return message != null && (message.contains("No space left") || message.contains("quota exceeded"));
    }

    /// Whether new messages may come: the reserve is there, and room above it.
    synchronized boolean admits() {
        if (pause == null || pause.isOver()) {
            pause = new Pause(clock, ASK_AGAIN);
            enough = usable() >= need();
            if (!enough) {
                dropSpares();
            }
        }
        return enough && !spent;
    }

    /// What there is and what it takes, for people.
    synchronized String shortage() {
        long need = need() + (spent ? limits.reserve() : 0);
        return usable() + " bytes are free where the queue lies, " + need + " are needed";
    }

    /// Whether survivors of so many bytes can be copied.
    synchronized boolean admitsCopy(long bytes) {
        return usable() >= bytes + (spent ? 0 : limits.prefill());
    }

    /// The disk is full: gives the reserve up.
    synchronized void spend() {
        dropSpares();
        if (!spent) {
            spent = true;
            try {
                disk.delete(RESERVE);
            } catch (IOException e) {
                // then there is no reserve; who writes next finds that out
            }
        }
    }

    synchronized boolean isSpent() {
        return spent;
    }

    /// Takes the reserve when it is missing and there is room for it.
    synchronized void restore() {
        if (!spent || usable() < limits.reserve() + need()) {
            return;
        }
        try {
            disk.delete(RESERVE);
            fill();
            spent = false;
            pause = null;
        } catch (IOException e) {
            // the next time
        }
    }

    /// Takes over the reserve of the last run.
    synchronized void open(boolean there) throws IOException {
        if (there) {
            DiskFile file = disk.open(RESERVE);
            try {
                spent = file.size() < limits.reserve();
            } finally {
                file.close();
            }
        }
    }

    static boolean isReserve(String file) {
        return file.equals(RESERVE);
    }

    private void fill() throws IOException {
        DiskFile file = disk.create(RESERVE);
        try {
            ByteBuffer zeros = ByteBuffer.allocate(Math.min(AT_ONCE, limits.reserve()));
            for (long at = 0; at < limits.reserve(); at += zeros.capacity()) {
                file.write(zeros.clear(), at);
            }
            file.force();
        } finally {
            file.close();
        }
        disk.forceDirectory();
    }

    private void dropSpares() {
        try {
            spares.clear();
        } catch (IOException e) {
            // what could not be deleted now is deleted at the next start
        }
    }

    private long need() {
        return limits.minFree() + (long) limits.bufferBytes() * limits.buffers() + limits.prefill();
    }

    private long usable() {
        try {
            return disk.usableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
