package postern.queue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.smtp.Reply;

/// The queue in memory: what [QueueContract] says, and nothing that lasts. Times are kept in whole seconds, as
/// in the log.
public final class MemoryQueue implements Queue {
    private enum State {
        WAITING,
        ACTIVE,
        HELD
    }

    private static final class Message {
        final Mail mail;
        final byte[] text;
        final BitSet open = new BitSet();
        State state = State.ACTIVE;
        Instant due;
        int tries;
        int nextHopHash;
        boolean warned;
        List<String> reasons;

        Message(Mail mail, byte[] text) {
            this.mail = mail;
            this.text = text;
            this.due = wholeSeconds(mail.arrival());
            open.set(0, mail.recipients().size());
            this.reasons = Collections.nCopies(mail.recipients().size(), "");
        }
    }

    private final InstantSource clock;
    private final Map<QueueId, Message> messages = new LinkedHashMap<>();
    private long lastId = 0x4F0C3A91B2L;
    private Reply.@Nullable Refused refusal;

    public MemoryQueue(InstantSource clock) {
        this.clock = clock;
    }

    /// What a queue over the same disk knows after a restart: nothing is active any more.
    public synchronized MemoryQueue restarted() {
        MemoryQueue again = new MemoryQueue(clock);
        again.messages.putAll(messages);
        again.lastId = lastId;
        again.messages.values().forEach(message -> {
            if (message.state == State.ACTIVE) {
                message.state = State.WAITING;
            }
        });
        return again;
    }

    /// From now on every message is refused with this reply, or (null) none is.
    public synchronized void refuse(@Nullable Reply reply) {
        refusal = reply == null ? null : new Reply.Refused(reply);
    }

    @Override
    public synchronized Incoming incoming() {
        if (refusal != null) {
            throw refusal;
        }
        return new Arrival(new QueueId(++lastId));
    }

    @Override
    public synchronized @Nullable Queued read(QueueId id) {
        Message message = messages.get(id);
        return message == null
                ? null
                : new Queued(
                        message.mail,
                        (BitSet) message.open.clone(),
                        message.tries,
                        message.due,
                        message.state == State.HELD,
                        message.warned,
                        message.reasons);
    }

    @Override
    public synchronized Body body(QueueId id) throws IOException {
        Message message = messages.get(id);
        if (message == null) {
            throw new NoSuchFileException(id.toString());
        }
        return new MemoryBody(message.text);
    }

    @Override
    public synchronized void done(QueueId id, BitSet recipients) {
        Message message = messages.get(id);
        if (message != null) {
            message.open.andNot(recipients);
            message.reasons = padded(
                    message.reasons, message.open, message.mail.recipients().size());
            if (message.open.isEmpty()) {
                messages.remove(id);
            }
        }
    }

    @Override
    public synchronized void later(QueueId id, Later later) {
        Message message = messages.get(id);
        if (message != null) {
            message.due = wholeSeconds(later.due());
            message.tries = later.tries();
            message.nextHopHash = later.nextHopHash();
            message.warned = later.warned();
            message.reasons = padded(
                    later.reasons(), message.open, message.mail.recipients().size());
            if (message.state == State.ACTIVE) {
                message.state = State.WAITING;
            }
        }
    }

    @Override
    public synchronized void park(QueueId id, Instant due) {
        Message message = messages.get(id);
        if (message != null && message.state != State.HELD) {
            message.due = wholeSeconds(due);
            message.state = State.WAITING;
        }
    }

    @Override
    public synchronized void hold(QueueId id) {
        Message message = messages.get(id);
        if (message != null) {
            message.state = State.HELD;
        }
    }

    @Override
    public synchronized void release(QueueId id) {
        Message message = messages.get(id);
        if (message != null && message.state == State.HELD) {
            message.state = State.WAITING;
            message.due = now();
        }
    }

    @Override
    public synchronized List<QueueId> due(Instant now, int most) {
        List<Message> taken = messages.values().stream()
                .filter(message -> message.state == State.WAITING && !message.due.isAfter(now))
                .sorted(Comparator.comparing(message -> message.due))
                .limit(most)
                .toList();
        taken.forEach(message -> message.state = State.ACTIVE);
        return taken.stream().map(message -> message.mail.id()).toList();
    }

    @Override
    public synchronized @Nullable Instant nextDue() {
        return messages.values().stream()
                .filter(message -> message.state == State.WAITING)
                .map(message -> message.due)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    @Override
    public synchronized void flush(int nextHopHash) {
        Instant now = now();
        for (Message message : messages.values()) {
            boolean wanted = nextHopHash == 0 || message.nextHopHash == nextHopHash;
            if (wanted && message.state == State.WAITING && message.due.isAfter(now)) {
                message.due = now;
            }
        }
    }

    @Override
    public void forEach(Consumer<QueueId> visitor) {
        List<QueueId> ids;
        synchronized (this) {
            ids = List.copyOf(messages.keySet());
        }
        ids.forEach(visitor);
    }

    @Override
    public synchronized Counts counts() {
        return new Counts(count(State.WAITING), count(State.ACTIVE), count(State.HELD));
    }

    @Override
    public void close() {
        // nothing to force
    }

    private synchronized void keep(Mail mail, byte[] text) {
        if (refusal != null) {
            throw refusal;
        }
        messages.put(mail.id(), new Message(mail, text));
    }

    private int count(State state) {
        return (int) messages.values().stream()
                .filter(message -> message.state == state)
                .count();
    }

    private Instant now() {
        return Instant.ofEpochSecond(clock.instant().getEpochSecond());
    }

    /// Rounded up: never due too early.
    private static Instant wholeSeconds(Instant instant) {
        return Instant.ofEpochSecond(instant.getEpochSecond() + (instant.getNano() > 0 ? 1 : 0));
    }

    /// One reason for each recipient, none for those who are finished.
    private static List<String> padded(List<String> reasons, BitSet open, int size) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(i < reasons.size() && open.get(i) ? reasons.get(i) : "");
        }
        return List.copyOf(all);
    }

    private final class Arrival implements Incoming {
        private final QueueId id;
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();

        Arrival(QueueId id) {
            this.id = id;
        }

        @Override
        public QueueId id() {
            return id;
        }

        @Override
        public void write(ByteBuffer piece) {
            while (piece.hasRemaining()) {
                text.write(piece.get());
            }
        }

        @Override
        public void commit(Mail mail) {
            if (!mail.id().equals(id) || mail.size() != text.size()) {
                throw new IllegalArgumentException(
                        "not the mail of " + id + " with " + text.size() + " bytes: " + mail);
            }
            keep(mail, text.toByteArray());
        }

        @Override
        public void abort() {
            text.reset();
        }
    }

    private static final class MemoryBody implements Body {
        private final ByteBuffer text;

        MemoryBody(byte[] text) {
            this.text = ByteBuffer.wrap(text);
        }

        @Override
        public long size() {
            return text.capacity();
        }

        @Override
        public int read(ByteBuffer into) {
            if (!text.hasRemaining()) {
                return -1;
            }
            int count = Math.min(text.remaining(), into.remaining());
            into.put(into.position(), text, text.position(), count);
            into.position(into.position() + count);
            text.position(text.position() + count);
            return count;
        }

        @Override
        public void rewind() {
            text.rewind();
        }

        @Override
        public void close() {
            // nothing open
        }
    }
}
