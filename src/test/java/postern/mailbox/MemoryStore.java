package postern.mailbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The store's twin in memory: for tests of what stands on it. One lock over all.
public final class MemoryStore implements MailboxStore {
    private static final Comparator<MailboxName> INBOX_FIRST =
            Comparator.comparing(MailboxName::isInbox).reversed().thenComparing(Comparator.naturalOrder());

    private record Named(AccountName account, MailboxName name) {}

    private static final class Box {
        final long id;
        final AccountName owner;
        MailboxName name;
        long validity;
        long next = 1;
        long highest = 1;
        String specialUse = "";
        final TreeMap<Uid, MessageRef> messages = new TreeMap<>();

        Box(long id, AccountName owner, MailboxName name, long validity) {
            this.id = id;
            this.owner = owner;
            this.name = name;
            this.validity = validity;
        }
    }

    private final InstantSource clock;
    private final TreeMap<AccountName, TreeMap<MailboxName, Box>> accounts = new TreeMap<>();
    private final Map<Long, Box> boxes = new HashMap<>();
    private final Map<Named, Long> validities = new HashMap<>();
    private final Map<String, Instant> taken = new HashMap<>();
    private final Set<Named> subscriptions = new HashSet<>();
    private final Map<Long, byte[]> texts = new HashMap<>();
    private final Map<Long, List<Runnable>> watchers = new HashMap<>();
    private long lastBox;
    private long lastText;
    private @Nullable IOException failure;

    public MemoryStore(InstantSource clock) {
        this.clock = clock;
    }

    /// From now on nothing can be kept, as when the disk is full; null: again it can.
    public synchronized void failWith(@Nullable IOException why) {
        failure = why;
    }

    private void mayChange() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    @Override
    public Incoming incoming() {
        return new Text();
    }

    private final class Text implements Incoming {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();

        @Override
        public void write(ByteBuffer piece) throws IOException {
            synchronized (MemoryStore.this) {
                mayChange();
            }
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            text.writeBytes(bytes);
        }

        @Override
        public List<MessageRef> commit(List<Place> places, Set<String> ids) throws IOException {
            synchronized (MemoryStore.this) {
                mayChange();
                take(ids);
                checkUids(places);
                return deliver(text.toByteArray(), places);
            }
        }

        @Override
        public void close() {
            text.reset();
        }
    }

    private void take(Set<String> ids) throws IOException {
        if (ids.stream().anyMatch(taken::containsKey)) {
            throw new IOException("something was delivered under one of " + ids + " before");
        }
        taken.values().removeIf(at -> at.plus(IDS_KEPT).isBefore(clock.instant()));
        ids.forEach(id -> taken.put(id, clock.instant()));
    }

    @Override
    public synchronized void commit(List<Arrival> arrivals) throws IOException {
        mayChange();
        checkUids(arrivals.stream().map(Arrival::place).toList());
        for (Arrival arrival : arrivals) {
            if (arrival.message() instanceof Text message) {
                deliver(message.text.toByteArray(), List.of(arrival.place()));
            }
        }
    }

    private void checkUids(List<Incoming.Place> places) {
        Map<Named, Long> next = new HashMap<>();
        for (Incoming.Place place : places) {
            Box box = box(place.account(), place.mailbox());
            long free = next.getOrDefault(new Named(place.account(), place.mailbox()), box == null ? 1 : box.next);
            if (place.uid() != 0 && place.uid() < free) {
                throw new IllegalArgumentException("UID " + place.uid() + " has been passed: the next is " + free);
            }
            next.put(new Named(place.account(), place.mailbox()), Math.max(free, place.uid()) + 1);
        }
    }

    private List<MessageRef> deliver(byte[] text, List<Incoming.Place> places) {
        TextRef ref = new TextRef(++lastText, text.length);
        texts.put(ref.id(), text);
        List<MessageRef> messages = new ArrayList<>();
        Set<Box> changed = new HashSet<>();
        for (Incoming.Place place : places) {
            Box box = made(place.account(), place.mailbox(), 0);
            box.next = Math.max(box.next, place.uid());
            messages.add(add(
                    box,
                    place.flags(),
                    place.arrival().truncatedTo(ChronoUnit.SECONDS),
                    place.front(),
                    ref,
                    place.popId()));
            changed.add(box);
        }
        changed.forEach(box -> tell(box.id));
        return messages;
    }

    private MessageRef add(Box box, Flags flags, Instant arrival, String front, TextRef text, String popId) {
        Instant saved = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        MessageRef message = new MessageRef(
                new Uid(box.next++), new ModSeq(++box.highest), flags, arrival, saved, front, text, popId);
        box.messages.put(message.uid(), message);
        return message;
    }

    private @Nullable Box box(AccountName account, MailboxName name) {
        return accounts.getOrDefault(account, new TreeMap<>()).get(name);
    }

    private Box made(AccountName account, MailboxName name, long wanted) {
        TreeMap<MailboxName, Box> all = accounts.computeIfAbsent(account, key -> new TreeMap<>(INBOX_FIRST));
        Box there = all.get(name);
        if (there != null) {
            return there;
        }
        Box box = new Box(++lastBox, account, name, validity(new Named(account, name), wanted));
        all.put(name, box);
        boxes.put(box.id, box);
        return box;
    }

    /// The wanted one when it is higher than all before under this name; else one that is.
    private long validity(Named named, long wanted) {
        long used = validities.getOrDefault(named, 0L);
        long validity =
                wanted > used ? wanted : Math.max(used + 1, clock.instant().getEpochSecond());
        validities.put(named, validity);
        return validity;
    }

    private void tell(long box) {
        for (Runnable watcher : List.copyOf(watchers.getOrDefault(box, List.of()))) {
            try {
                watcher.run();
            } catch (RuntimeException e) {
                // its own affair
            }
        }
    }

    private Mailbox shown(Box box) {
        return new Mailbox(
                box.id,
                box.owner,
                box.name,
                new UidValidity(box.validity),
                new Uid(box.next),
                new ModSeq(box.highest),
                box.messages.size(),
                box.messages.values().stream().mapToLong(MessageRef::size).sum(),
                box.specialUse,
                subscriptions.contains(new Named(box.owner, box.name)));
    }

    @Override
    public synchronized List<Mailbox> mailboxes(AccountName account) {
        return accounts.getOrDefault(account, new TreeMap<>()).values().stream()
                .map(this::shown)
                .toList();
    }

    @Override
    public synchronized @Nullable Mailbox mailbox(AccountName account, MailboxName name) {
        Box box = box(account, name);
        return box == null ? null : shown(box);
    }

    @Override
    public synchronized Mailbox create(AccountName account, MailboxName name, @Nullable UidValidity validity)
            throws IOException {
        mayChange();
        return shown(made(account, name, validity == null ? 0 : validity.value()));
    }

    @Override
    public synchronized void rename(Mailbox mailbox, MailboxName name) throws IOException {
        mayChange();
        Box box = there(mailbox);
        TreeMap<MailboxName, Box> all = accounts.get(box.owner);
        if (name.isInbox() || all.containsKey(name)) {
            throw new IllegalArgumentException("there is a mailbox " + name);
        }
        if (box.name.isInbox()) {
            moveAll(box, made(box.owner, name, 0));
            return;
        }
        if (name.isBelow(box.name)) {
            throw new IllegalArgumentException(name + " would be below itself");
        }
        List<Box> below = all.values().stream()
                .filter(other -> other == box || other.name.isBelow(box.name))
                .toList();
        MailboxName old = box.name;
        if (below.stream().anyMatch(other -> all.containsKey(other.name.moved(old, name)))) {
            throw new IllegalArgumentException("there are mailboxes below " + name);
        }
        for (Box other : below) {
            all.remove(other.name);
            other.name = other.name.moved(old, name);
            other.validity = validity(new Named(other.owner, other.name), other.validity);
            all.put(other.name, other);
            tell(other.id);
        }
    }

    private void moveAll(Box from, Box to) {
        for (MessageRef message : from.messages.values()) {
            add(to, message.flags(), message.arrival(), message.front(), message.text(), "");
        }
        if (!from.messages.isEmpty()) {
            from.messages.clear();
            from.highest++;
        }
        tell(from.id);
    }

    @Override
    public synchronized void delete(Mailbox mailbox) throws IOException {
        mayChange();
        Box box = boxes.remove(mailbox.id());
        if (box != null) {
            accounts.get(box.owner).remove(box.name);
            dropTexts();
            tell(box.id);
        }
    }

    private void dropTexts() {
        Set<Long> named = new HashSet<>();
        boxes.values()
                .forEach(box -> box.messages
                        .values()
                        .forEach(message -> named.add(message.text().id())));
        texts.keySet().retainAll(named);
    }

    @Override
    public synchronized void subscribe(AccountName account, MailboxName name, boolean subscribed) throws IOException {
        mayChange();
        if (subscribed) {
            subscriptions.add(new Named(account, name));
        } else {
            subscriptions.remove(new Named(account, name));
        }
    }

    @Override
    public synchronized void specialUse(Mailbox mailbox, String specialUse) throws IOException {
        mayChange();
        there(mailbox).specialUse = specialUse;
    }

    private Box there(Mailbox mailbox) throws IOException {
        Box box = boxes.get(mailbox.id());
        if (box == null) {
            throw new IOException("mailbox " + mailbox.name() + " of " + mailbox.owner() + " is gone");
        }
        return box;
    }

    @Override
    public synchronized void passUids(Mailbox mailbox, Uid next) throws IOException {
        mayChange();
        Box box = there(mailbox);
        box.next = Math.max(box.next, next.value());
    }

    @Override
    public synchronized List<MessageRef> messages(Mailbox mailbox, Uid first, Uid last) {
        Box box = boxes.get(mailbox.id());
        return box == null || last.compareTo(first) < 0
                ? List.of()
                : List.copyOf(box.messages.subMap(first, true, last, true).values());
    }

    @Override
    public synchronized List<MessageRef> messages(Mailbox mailbox, Uid first, int most) {
        return messages(mailbox, first, Uid.LAST).stream().limit(most).toList();
    }

    @Override
    public synchronized Overview overview(Mailbox mailbox) {
        Overview.Builder overview = new Overview.Builder(0);
        for (MessageRef message : messages(mailbox, Uid.FIRST, Uid.LAST)) {
            overview.add(message.uid().value(), message.size(), message.popId());
        }
        return overview.done();
    }

    @Override
    public synchronized InputStream open(MessageRef message, long from) throws IOException {
        byte[] text = texts.get(message.text().id());
        if (text == null) {
            throw new IOException("text " + message.text().id() + " is gone");
        }
        byte[] front = message.frontBytes();
        byte[] whole = Arrays.copyOf(front, front.length + text.length);
        System.arraycopy(text, 0, whole, front.length, text.length);
        int start = (int) Math.min(from, whole.length);
        return new ByteArrayInputStream(whole, start, whole.length - start);
    }

    @Override
    public synchronized List<MessageRef> flags(Mailbox mailbox, Collection<Uid> uids, UnaryOperator<Flags> change)
            throws IOException {
        mayChange();
        List<MessageRef> now = new ArrayList<>();
        boolean changed = false;
        for (MessageRef message : chosen(mailbox, uids)) {
            Flags flags = change.apply(message.flags());
            MessageRef after = message;
            if (!flags.equals(message.flags())) {
                Box box = there(mailbox);
                after = message.with(new ModSeq(++box.highest), flags);
                box.messages.put(message.uid(), after);
                changed = true;
            }
            now.add(after);
        }
        if (changed) {
            tell(mailbox.id());
        }
        return now;
    }

    private List<MessageRef> chosen(Mailbox mailbox, Collection<Uid> uids) {
        Box box = boxes.get(mailbox.id());
        List<MessageRef> chosen = new ArrayList<>();
        for (Uid uid : new TreeSet<>(uids)) {
            MessageRef message = box == null ? null : box.messages.get(uid);
            if (message != null) {
                chosen.add(message);
            }
        }
        return chosen;
    }

    @Override
    public synchronized List<Uid> expunge(Mailbox mailbox, Collection<Uid> uids) throws IOException {
        mayChange();
        List<Uid> gone = chosen(mailbox, uids).stream().map(MessageRef::uid).toList();
        if (!gone.isEmpty()) {
            Box box = there(mailbox);
            gone.forEach(box.messages::remove);
            box.highest++;
            dropTexts();
            tell(box.id);
        }
        return gone;
    }

    @Override
    public synchronized List<MessageRef> copy(Mailbox from, Collection<Uid> uids, Mailbox to) throws IOException {
        mayChange();
        Box box = there(to);
        List<MessageRef> copies = new ArrayList<>();
        for (MessageRef message : chosen(from, uids)) {
            copies.add(add(box, message.flags(), message.arrival(), message.front(), message.text(), ""));
        }
        if (!copies.isEmpty()) {
            tell(box.id);
        }
        return copies;
    }

    @Override
    public synchronized List<MessageRef> move(Mailbox from, Collection<Uid> uids, Mailbox to) throws IOException {
        List<Uid> old = chosen(from, uids).stream().map(MessageRef::uid).toList();
        List<MessageRef> moved = copy(from, old, to);
        expunge(from, old);
        return moved;
    }

    @Override
    public synchronized Usage usage(AccountName account) {
        List<Mailbox> all = mailboxes(account);
        return new Usage(
                all.stream().mapToLong(Mailbox::messages).sum(),
                all.stream().mapToLong(Mailbox::bytes).sum());
    }

    @Override
    public synchronized boolean hasTaken(String id) {
        return taken.containsKey(id);
    }

    @Override
    public synchronized List<AccountName> accounts() {
        return List.copyOf(accounts.keySet());
    }

    @Override
    public synchronized void delete(AccountName account) throws IOException {
        for (Mailbox mailbox : mailboxes(account)) {
            delete(mailbox);
        }
    }

    @Override
    public synchronized Closeable watch(long mailbox, Runnable changed) {
        watchers.computeIfAbsent(mailbox, key -> new ArrayList<>()).add(changed);
        return () -> {
            synchronized (this) {
                watchers.getOrDefault(mailbox, new ArrayList<>()).remove(changed);
            }
        };
    }

    @Override
    public synchronized List<String> check() {
        return boxes.values().stream()
                .flatMap(box -> box.messages.values().stream())
                .filter(message -> !texts.containsKey(message.text().id()))
                .map(message -> "text " + message.text().id() + " is gone")
                .toList();
    }

    @Override
    public void close() {
        // nothing held
    }
}
