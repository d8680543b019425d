package postern.bench;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// What is known of each message of one run: when its MAIL and its end were sent, when it was accepted, when it arrived
/// and
/// how often. One thread writes the sender's columns and one the sink's; the figures are taken when both
/// have come to rest.
final class Ledger {
    /// The most messages of one run.
    static final int CAPACITY = 1 << 20;

    private final int run;
    private final long[] begun = new long[CAPACITY];
    private final long[] ended = new long[CAPACITY];
    private final long[] accepted = new long[CAPACITY];
    private final long[] arrived = new long[CAPACITY];
    private final byte[] copies = new byte[CAPACITY];
    private final AtomicInteger acceptedCount = new AtomicInteger();
    private final AtomicInteger arrivedCount = new AtomicInteger();
    private final AtomicInteger doubled = new AtomicInteger();
    private final AtomicInteger altered = new AtomicInteger();
    private volatile long lastArrival;
    private final int most;
    private int given;

    /// @param run a number that no other run of this process has: what arrives late from another is no news
    ///     here
    Ledger(int run) {
        this(run, CAPACITY);
    }

    /// @param most messages to send
    Ledger(int run, int most) {
        this.run = run;
        this.most = Math.min(most, CAPACITY);
    }

    /// An empty one for the same messages, to see them arrive once more.
    Ledger again() {
        return new Ledger(run, most);
    }

    int run() {
        return run;
    }

    /// The number of the next message; -1 when there are no more.
    int next() {
        return given == most ? -1 : given++;
    }

    void begun(int number) {
        begun[number] = System.nanoTime();
    }

    void ended(int number) {
        ended[number] = System.nanoTime();
    }

    void accepted(int number) {
        accepted[number] = System.nanoTime();
        acceptedCount.incrementAndGet();
    }

    void arrived(int number, boolean unaltered) {
        if (number < 0 || number >= CAPACITY) {
            altered.incrementAndGet();
            return;
        }
        if (!unaltered) {
            altered.incrementAndGet();
        }
        if (copies[number] > 0) {
            doubled.incrementAndGet();
            return;
        }
        copies[number] = 1;
        arrived[number] = System.nanoTime();
        lastArrival = arrived[number];
        arrivedCount.incrementAndGet();
    }

    int acceptedCount() {
        return acceptedCount.get();
    }

    int arrivedCount() {
        return arrivedCount.get();
    }

    int doubled() {
        return doubled.get();
    }

    int altered() {
        return altered.get();
    }

    /// Messages that were accepted and have not arrived.
    int lost() {
        int lost = 0;
        for (int i = 0; i < given; i++) {
            if (accepted[i] != 0 && copies[i] == 0) {
                lost++;
            }
        }
        return lost;
    }

    /// When the last message was accepted, by [System#nanoTime()].
    long lastAcceptance() {
        long last = accepted[0];
        for (int i = 1; i < given; i++) {
            if (accepted[i] != 0 && accepted[i] - last > 0) {
                last = accepted[i];
            }
        }
        return last;
    }

    long lastArrival() {
        return lastArrival;
    }

    /// Nanoseconds from acceptance to arrival, sorted. What arrives before the sender has seen the answer
    /// took no time.
    long[] arrivalTimes() {
        return times(accepted, arrived);
    }

    /// Nanoseconds of whole transactions, sorted: from MAIL to the answer to the end of data.
    long[] transactionTimes() {
        return times(begun, accepted);
    }

    /// Nanoseconds from the end of data to the answer, sorted.
    long[] answerTimes() {
        return times(ended, accepted);
    }

    private long[] times(long[] from, long[] to) {
        long[] times = new long[given];
        int count = 0;
        for (int i = 0; i < given; i++) {
            if (from[i] != 0 && to[i] != 0) {
                times[count++] = Math.max(0, to[i] - from[i]);
            }
        }
        long[] all = Arrays.copyOf(times, count);
        Arrays.sort(all);
        return all;
    }
}
