package postern.queue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Holds back who brings mail for a destination that is behind, until one delivery there is done: mail comes
/// in no faster than it leaves (`in_flow_delay`).
final class InFlow {
    /// For mail whose destinations keep up.
    static final InFlow FREE = new InFlow(null);

    static {
        FREE.open();
    }

    private final CountDownLatch gate = new CountDownLatch(1);
    private final @Nullable Destination behind;

    /// @param behind what is waited for
    InFlow(@Nullable Destination behind) {
        this.behind = behind;
    }

    @Nullable
    Destination behind() {
        return behind;
    }

    void open() {
        gate.countDown();
    }

    boolean isOpen() {
        return gate.getCount() == 0;
    }

    /// Waits for [#open()]. Returns false when that took longer than `most`.
    boolean await(Duration most) {
        try {
            return gate.await(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing is ever interrupted", e);
        }
    }
}
