package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [Queue] does: the log and its twin in memory run these same tests.
abstract class QueueContract {
    static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    Instant now = START;
    Queue queue;

    /// A new, empty queue whose clock is `now`.
    abstract Queue open() throws IOException;

    /// The queue as it is after the server was stopped and started.
    abstract Queue restarted() throws IOException;

    @BeforeEach
    void openQueue() throws IOException {
        queue = open();
    }

    @AfterEach
    void closeQueue() {
        queue.close();
    }

    @Test
    void committedMessageIsActiveAndReadBackWhole() throws IOException {
        byte[] text = Mails.text(1, 200_000);
        QueueId id = put(text);
        Queued queued = known(id);
        assertThat(queued.mail().id()).isEqualTo(id);
        assertThat(queued.mail().recipients()).hasSize(3);
        assertThat(queued.open().cardinality()).isEqualTo(3);
        assertThat(queued.tries()).isZero();
        assertThat(queued.due()).isEqualTo(START);
        assertThat(queued.held()).isFalse();
        assertThat(queued.reasons()).containsExactly("", "", "");
        assertThat(text(id)).isEqualTo(text);
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 1, 0));
        assertThat(queue.due(START.plusSeconds(99), 10)).isEmpty();
    }

    @Test
    void emptyTextIsAText() throws IOException {
        QueueId id = put(new byte[0]);
        assertThat(text(id)).isEmpty();
    }

    @Test
    void bodyIsReadAgainFromItsStart() throws IOException {
        byte[] text = Mails.text(2, 70_000);
        QueueId id = put(text);
        try (Body first = queue.body(id);
                Body second = queue.body(id)) {
            assertThat(first.size()).isEqualTo(70_000);
            ByteBuffer some = ByteBuffer.allocate(5);
            assertThat(first.read(some)).isEqualTo(5);
            assertThat(all(second)).isEqualTo(text);
            first.rewind();
            assertThat(all(first)).isEqualTo(text);
        }
    }

    @Test
    void abortedMessageIsNotThere() throws IOException {
        Queue.Incoming incoming = queue.incoming();
        incoming.write(ByteBuffer.wrap(Mails.text(3, 1000)));
        incoming.abort();
        assertThat(queue.read(incoming.id())).isNull();
        assertThatThrownBy(() -> queue.body(incoming.id())).isInstanceOf(IOException.class);
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    @Test
    void committingAnotherMessagesMailIsRefused() {
        Queue.Incoming incoming = queue.incoming();
        assertThatThrownBy(() ->
                        incoming.commit(Mails.mail(new QueueId(incoming.id().value() + 1), START, 0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> incoming.commit(Mails.mail(incoming.id(), START, 17)))
                .isInstanceOf(IllegalArgumentException.class);
        incoming.abort();
    }

    @Test
    void messageIsGoneWhenItsLastRecipientIsDone() throws IOException {
        QueueId id = put(Mails.text(4, 100));
        queue.done(id, bits(0, 2));
        assertThat(known(id).open()).isEqualTo(bits(1));
        queue.done(id, bits(1));
        assertThat(queue.read(id)).isNull();
        assertThatThrownBy(() -> queue.body(id)).isInstanceOf(IOException.class);
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
        queue.done(id, bits(1));
        queue.later(id, later(5, 0));
        queue.hold(id);
        queue.release(id);
        assertThat(queue.read(id)).isNull();
    }

    @Test
    void openBodySurvivesTheEndOfItsMessage() throws IOException {
        byte[] text = Mails.text(5, 90_000);
        QueueId id = put(text);
        try (Body body = queue.body(id)) {
            queue.done(id, bits(0, 1, 2));
            assertThat(all(body)).isEqualTo(text);
        }
    }

    @Test
    void deferredMessageWaitsUntilItIsDue() throws IOException {
        QueueId id = put(Mails.text(6, 100));
        queue.later(id, new Queue.Later(START.plusSeconds(300), 1, 77, true, List.of("", "timed out", "")));
        Queued queued = known(id);
        assertThat(queued.tries()).isEqualTo(1);
        assertThat(queued.due()).isEqualTo(START.plusSeconds(300));
        assertThat(queued.warned()).isTrue();
        assertThat(queued.reasons()).containsExactly("", "timed out", "");
        assertThat(queue.nextDue()).isEqualTo(START.plusSeconds(300));
        assertThat(queue.due(START.plusSeconds(299), 10)).isEmpty();
        assertThat(queue.due(START.plusSeconds(300), 10)).containsExactly(id);
        assertThat(queue.due(START.plusSeconds(300), 10)).isEmpty();
        assertThat(queue.nextDue()).isNull();
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 1, 0));
    }

    @Test
    void fractionOfASecondIsNeverTooEarly() throws IOException {
        QueueId id = put(Mails.text(7, 10));
        queue.park(id, START.plusMillis(1500));
        assertThat(queue.due(START.plusMillis(1400), 10)).isEmpty();
        assertThat(queue.due(START.plusMillis(2000), 10)).containsExactly(id);
    }

    @Test
    void longestOverdueComesFirst() throws IOException {
        List<QueueId> byDue = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byDue.add(put(Mails.text(i, 20)));
        }
        for (int i = 0; i < 20; i++) {
            int place = i * 7 % 20;
            queue.later(byDue.get(place), later(1 + place, 0));
        }
        assertThat(queue.due(START.plusSeconds(10), 4)).isEqualTo(byDue.subList(0, 4));
        assertThat(queue.due(START.plusSeconds(10), 100)).isEqualTo(byDue.subList(4, 10));
        assertThat(queue.nextDue()).isEqualTo(START.plusSeconds(11));
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(10, 10, 0));
    }

    @Test
    void messageThatMovesInTimeComesOnce() throws IOException {
        QueueId id = put(Mails.text(8, 20));
        for (int second = 5; second > 0; second--) {
            queue.park(id, START.plusSeconds(second));
        }
        queue.park(id, START.plusSeconds(3));
        assertThat(queue.nextDue()).isEqualTo(START.plusSeconds(3));
        assertThat(queue.due(START.plusSeconds(2), 10)).isEmpty();
        assertThat(queue.due(START.plusSeconds(99), 10)).containsExactly(id);
        assertThat(queue.due(START.plusSeconds(99), 10)).isEmpty();
    }

    @Test
    void heldMessageIsNeverDueUntilReleased() throws IOException {
        QueueId id = put(Mails.text(9, 20));
        queue.hold(id);
        assertThat(known(id).held()).isTrue();
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 0, 1));
        queue.flush(0);
        queue.later(id, later(1, 0));
        queue.park(id, START);
        assertThat(queue.due(START.plusSeconds(1000), 10)).isEmpty();
        assertThat(queue.nextDue()).isNull();
        queue.release(id);
        assertThat(known(id).held()).isFalse();
        assertThat(queue.due(START, 10)).containsExactly(id);
    }

    @Test
    void waitingMessageCanBeHeldAndDeleted() throws IOException {
        QueueId held = put(Mails.text(10, 20));
        QueueId deleted = put(Mails.text(11, 20));
        queue.later(held, later(1, 0));
        queue.later(deleted, later(2, 0));
        queue.hold(held);
        queue.done(deleted, bits(0, 1, 2));
        assertThat(queue.nextDue()).isNull();
        assertThat(queue.due(START.plusSeconds(1000), 10)).isEmpty();
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(0, 0, 1));
    }

    @Test
    void flushMakesOneNextHopsMailOrAllDue() throws IOException {
        QueueId here = put(Mails.text(12, 20));
        QueueId there = put(Mails.text(13, 20));
        queue.later(here, later(500, 1));
        queue.later(there, later(600, 2));
        queue.flush(2);
        assertThat(queue.due(START, 10)).containsExactly(there);
        queue.flush(3);
        assertThat(queue.due(START, 10)).isEmpty();
        queue.flush(0);
        assertThat(queue.due(START, 10)).containsExactly(here);
    }

    @Test
    void forEachSeesWhatIsNotGone() throws IOException {
        QueueId active = put(Mails.text(14, 20));
        QueueId waiting = put(Mails.text(15, 20));
        QueueId held = put(Mails.text(16, 20));
        QueueId gone = put(Mails.text(17, 20));
        queue.later(waiting, later(1, 0));
        queue.hold(held);
        queue.done(gone, bits(0, 1, 2));
        List<QueueId> seen = new ArrayList<>();
        queue.forEach(seen::add);
        assertThat(seen).containsExactlyInAnyOrder(active, waiting, held);
    }

    @Test
    void restartKeepsEverythingAndNothingIsActive() throws IOException {
        byte[] text = Mails.text(18, 150_000);
        QueueId active = put(text);
        QueueId waiting = put(Mails.text(19, 20));
        QueueId held = put(Mails.text(20, 20));
        QueueId gone = put(Mails.text(21, 20));
        queue.later(waiting, new Queue.Later(START.plusSeconds(700), 3, 5, true, List.of("a", "b", "c")));
        queue.done(waiting, bits(1));
        queue.hold(held);
        queue.done(gone, bits(0, 1, 2));
        queue = restarted();
        assertThat(queue.counts()).isEqualTo(new Queue.Counts(2, 0, 1));
        assertThat(text(active)).isEqualTo(text);
        assertThat(queue.read(gone)).isNull();
        assertThat(known(held).held()).isTrue();
        Queued queued = known(waiting);
        assertThat(queued.open()).isEqualTo(bits(0, 2));
        assertThat(queued.tries()).isEqualTo(3);
        assertThat(queued.warned()).isTrue();
        assertThat(queued.reasons()).containsExactly("a", "", "c");
        assertThat(queue.due(START, 10)).containsExactly(active);
        queue.flush(5);
        assertThat(queue.due(START, 10)).containsExactly(waiting);
        assertThat(queue.incoming().id().value()).isGreaterThan(gone.value());
    }

    QueueId put(byte[] text) {
        Queue.Incoming incoming = queue.incoming();
        for (int at = 0; at < text.length; at += 16_384) {
            incoming.write(ByteBuffer.wrap(text, at, Math.min(16_384, text.length - at)));
        }
        incoming.commit(Mails.mail(incoming.id(), START, text.length));
        return incoming.id();
    }

    Queued known(QueueId id) throws IOException {
        return Objects.requireNonNull(queue.read(id));
    }

    byte[] text(QueueId id) throws IOException {
        try (Body body = queue.body(id)) {
            return all(body);
        }
    }

    static byte[] all(Body body) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(4096);
        while (body.read(part) >= 0) {
            all.write(part.array(), 0, part.position());
            part.clear();
        }
        return all.toByteArray();
    }

    static Queue.Later later(int seconds, int nextHopHash) {
        return new Queue.Later(START.plusSeconds(seconds), 1, nextHopHash, false, List.of());
    }

    static BitSet bits(int... places) {
        BitSet bits = new BitSet();
        for (int place : places) {
            bits.set(place);
        }
        return bits;
    }
}
