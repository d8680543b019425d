package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Reply;

/// A load on a [LogQueue] that is always the same for the same seed, run by one thread, and what must be true
/// of the queue afterwards: arrivals that interleave, several in one commit, everything that can become of a
/// message, segments closing and being emptied.
final class QueueScript {
    static final QueueLimits SMALL = new QueueLimits(
            12 * 1024,
            60,
            Duration.ofMinutes(10),
            Duration.ofSeconds(30),
            4096,
            1024,
            8192,
            16 * 1024,
            0,
            TakenIds.Limits.STANDARD);

    private enum Phase {
        ARRIVING,
        SUBMITTED,
        COMMITTED,
        REFUSED,
        ABORTED
    }

    /// What can be told from outside.
    private record Seen(BitSet open, int tries, boolean held) {}

    /// A state, and after how many changes it was recorded.
    private record Recorded(Seen seen, int change) {}

    private static final class Message {
        final Arrival arrival;
        /// What it came under; and whether it is known to be taken, or not, since the last look.
        final HandoverId handover;

        boolean taken;
        final byte[] text;
        /// Whether it is not done before the end.
        final boolean stays;

        int written;
        Phase phase = Phase.ARRIVING;
        /// Whether it was finished, or refused; after how many changes; and whether that is forced.
        boolean done;

        int doneAt;
        boolean sure;
        /// The last state that is forced, and those after it.
        final List<Recorded> states = new ArrayList<>();

        Message(Arrival arrival, HandoverId handover, byte[] text, boolean stays) {
            this.arrival = arrival;
            this.handover = handover;
            this.text = text;
            this.stays = stays;
        }

        Seen last() {
            return states.getLast().seen();
        }
    }

    private final Map<QueueId, Message> messages = new LinkedHashMap<>();
    private final Random random;
    private Instant now = QueueContract.START;
    private @Nullable LogQueue queue;
    private int changes;
    private boolean meanwhile;

    /// To be [#reopen]ed on a disk.
    QueueScript(long seed) {
        this.random = new Random(seed);
    }

    /// What others do while somebody waits for the disk.
    private void meanwhile() {
        if (!meanwhile && random.nextInt(3) == 0) {
            meanwhile = true;
            int dice = random.nextInt(4);
            if (dice == 0) {
                write(in(Phase.ARRIVING));
            } else if (dice == 1) {
                submit(in(Phase.ARRIVING));
            } else {
                change(live());
            }
            meanwhile = false;
        }
    }

    /// Takes so many messages in and does things to them.
    void run(int count) {
        int left = count;
        while (left > 0 || !in(Phase.ARRIVING).isEmpty()) {
            int dice = random.nextInt(100);
            if (dice < 12 && left > 0 && in(Phase.ARRIVING).size() < 6) {
                left -= arrive() ? 1 : 0;
            } else if (dice < 40) {
                write(in(Phase.ARRIVING));
            } else if (dice < 55) {
                submit(in(Phase.ARRIVING));
            } else if (dice < 65) {
                await();
            } else if (dice < 67) {
                abort(in(Phase.ARRIVING));
            } else if (dice < 90) {
                change(live());
            } else if (dice < 94) {
                now = now.plusSeconds(random.nextInt(300));
                queue().due(now, random.nextInt(5));
            } else {
                chores();
            }
        }
        await();
    }

    /// Finishes every message, and gives the queue time to throw everything away.
    void drain() throws IOException {
        meanwhile = true;
        for (Message message : live()) {
            finish(message);
        }
        idle();
    }

    /// Nothing but time and chores.
    void idle() {
        meanwhile = true;
        for (int i = 0; i < 6; i++) {
            now = now.plusSeconds(700);
            int before = changes;
            queue().flusher().round(true);
            if (queue().flusher().refusal() == null) {
                forced(before);
            }
            chores();
        }
        meanwhile = false;
    }

    /// Stops and starts again as one should.
    void restart(SimDisk disk) throws IOException {
        meanwhile = true;
        int before = changes;
        queue().close();
        forced(before);
        reopen(disk);
        check();
    }

    /// The machine starts, with what is on the disk.
    void reopen(SimDisk disk) throws IOException {
        meanwhile = false;
        LogQueue opened = new LogQueue(disk, SMALL, () -> now, MailLog.none());
        opened.recover();
        disk.meanwhile(this::meanwhile);
        queue = opened;
    }

    /// Everything that was promised is there, and nothing else.
    void check() throws IOException {
        Set<QueueId> there = new HashSet<>();
        queue().forEach(id -> assertThat(there.add(id)).as("%s once", id).isTrue());
        for (Message message : messages.values()) {
            QueueId id = message.arrival.id();
            boolean present = there.remove(id);
            switch (message.phase) {
                case ARRIVING, ABORTED ->
                    assertThat(present).as("%s, never committed", id).isFalse();
                case SUBMITTED -> {}
                case REFUSED ->
                    assertThat(present && message.sure).as("%s, refused", id).isFalse();
                case COMMITTED -> {
                    assertThat(present || message.done).as("%s, committed", id).isTrue();
                    assertThat(present && message.done && message.sure)
                            .as("%s, done", id)
                            .isFalse();
                }
            }
            checkFate(message, present);
            if (present) {
                checkIntact(message);
                message.phase = Phase.COMMITTED;
                message.done = false;
            } else {
                message.phase = Phase.ABORTED;
            }
        }
        assertThat(there).as("messages that nobody sent").isEmpty();
    }

    /// A message and its id are one: where the message is, the id is taken, and stays it; where the id is taken,
    /// the message was.
    private void checkFate(Message message, boolean present) {
        Fates.Fate fate = queue().fates().of(message.handover);
        boolean taken = message.taken || present;
        if (message.phase == Phase.SUBMITTED && !message.taken) {
            // it may have been forced, delivered by nobody, and is there
            assertThat(fate == Fates.Fate.TAKEN)
                    .as("id of %s", message.arrival.id())
                    .isEqualTo(present);
        } else {
            assertThat(fate)
                    .as("id of %s, %s", message.arrival.id(), message.phase)
                    .isEqualTo(taken ? Fates.Fate.TAKEN : Fates.Fate.UNKNOWN);
        }
        message.taken = taken;
    }

    private void checkIntact(Message message) throws IOException {
        QueueId id = message.arrival.id();
        Queued queued = Objects.requireNonNull(queue().read(id));
        assertThat(queued.mail()).isEqualTo(Mails.mail(id, message.handover, QueueContract.START, message.text.length));
        try (Body body = queue().body(id)) {
            assertThat(QueueContract.all(body)).as("text of %s", id).isEqualTo(message.text);
        }
        Seen seen = new Seen(queued.open(), queued.tries(), queued.held());
        if (message.phase == Phase.COMMITTED && !message.done) {
            assertThat(message.states.stream().map(Recorded::seen))
                    .as("states of %s", id)
                    .contains(seen);
        }
        message.states.clear();
        message.states.add(new Recorded(seen, changes));
    }

    int size() {
        int[] count = {0};
        queue().forEach(id -> count[0]++);
        return count[0];
    }

    private LogQueue queue() {
        return Objects.requireNonNull(queue, "reopen first");
    }

    private List<Message> in(Phase phase) {
        return messages.values().stream()
                .filter(message -> message.phase == phase)
                .toList();
    }

    private List<Message> live() {
        return messages.values().stream()
                .filter(message -> message.phase == Phase.COMMITTED && !message.done)
                .toList();
    }

    private boolean arrive() {
        try {
            HandoverId handover = new HandoverId(random.nextLong(), random.nextLong());
            Arrival arrival = (Arrival) queue().incoming(handover);
            int size = random.nextInt(4) == 0 ? random.nextInt(200) : random.nextInt(9000);
            byte[] text = Mails.text(arrival.id().value(), size);
            messages.put(arrival.id(), new Message(arrival, handover, text, random.nextInt(6) == 0));
            return true;
        } catch (Reply.Refused e) {
            now = now.plusSeconds(1);
            return false;
        }
    }

    private void write(List<Message> arriving) {
        if (arriving.isEmpty()) {
            return;
        }
        Message message = arriving.get(random.nextInt(arriving.size()));
        int count = Math.min(message.text.length - message.written, 1 + random.nextInt(3000));
        try {
            message.arrival.write(ByteBuffer.wrap(message.text, message.written, count));
            message.written += count;
        } catch (Reply.Refused e) {
            message.arrival.abort();
            message.phase = Phase.ABORTED;
        }
    }

    private void submit(List<Message> arriving) {
        for (Message message : arriving) {
            if (message.written == message.text.length) {
                QueueId id = message.arrival.id();
                try {
                    message.arrival.submit(Mails.mail(id, message.handover, QueueContract.START, message.text.length));
                    message.phase = Phase.SUBMITTED;
                } catch (Reply.Refused e) {
                    message.arrival.abort();
                    message.phase = Phase.ABORTED;
                }
                return;
            }
        }
    }

    private void await() {
        for (Message message : in(Phase.SUBMITTED)) {
            int before = message.arrival.isAnswered() ? 0 : changes;
            try {
                message.arrival.await();
                message.phase = Phase.COMMITTED;
                message.taken = true;
                record(message, new Seen(all(), 0, false));
                forced(before);
            } catch (Reply.Refused e) {
                message.phase = Phase.REFUSED;
                message.doneAt = ++changes;
                message.sure = false;
                now = now.plusSeconds(1);
            }
        }
    }

    private void abort(List<Message> arriving) {
        if (!arriving.isEmpty()) {
            Message message = arriving.getFirst();
            message.arrival.abort();
            message.phase = Phase.ABORTED;
        }
    }

    private void change(List<Message> live) {
        if (live.isEmpty()) {
            return;
        }
        Message message = live.get(random.nextInt(live.size()));
        QueueId id = message.arrival.id();
        Seen last = message.last();
        int what = random.nextInt(8);
        if (what < 3 && !message.stays) {
            finish(message);
        } else if (what == 3 && !message.stays) {
            BitSet place = QueueContract.bits(random.nextInt(3));
            BitSet open = (BitSet) last.open().clone();
            open.andNot(place);
            record(message, new Seen(open, last.tries(), last.held()));
            message.done = open.isEmpty();
            message.doneAt = changes;
            message.sure = false;
            queue().done(id, place);
        } else if (what == 4) {
            record(message, new Seen(last.open(), last.tries(), true));
            queue().hold(id);
        } else if (what == 5 && last.held()) {
            record(message, new Seen(last.open(), last.tries(), false));
            queue().release(id);
        } else {
            record(message, new Seen(last.open(), last.tries() + 1, last.held()));
            Instant due = now.plusSeconds(random.nextInt(2000));
            List<String> reasons = List.of("because", "r".repeat(random.nextInt(300)), "");
            queue().later(id, new Queue.Later(due, last.tries() + 1, random.nextInt(3), false, reasons));
        }
    }

    private void finish(Message message) {
        message.done = true;
        message.doneAt = ++changes;
        message.sure = false;
        queue().done(message.arrival.id(), all());
    }

    private void record(Message message, Seen seen) {
        message.states.add(new Recorded(seen, ++changes));
    }

    private void chores() {
        await();
        queue().flusher().round(random.nextBoolean());
        now = now.plusSeconds(random.nextInt(400));
        queue().chores();
        queue().compaction().run();
    }

    /// All that was recorded up to this change will last.
    private void forced(int change) {
        for (Message message : messages.values()) {
            message.sure |= message.doneAt <= change;
            while (message.states.size() > 1 && message.states.get(1).change() <= change) {
                message.states.removeFirst();
            }
        }
    }

    private static BitSet all() {
        BitSet all = new BitSet();
        IntStream.range(0, 3).forEach(all::set);
        return all;
    }
}
