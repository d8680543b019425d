package postern.mailbox.sql;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Overview;
import postern.mailbox.Uid;
import postern.mailbox.UidValidity;
import postern.mailbox.body.Bodies;
import postern.mailbox.body.Directories;
import postern.mailbox.body.DirectoryDisk;
import postern.mailbox.body.Disk;

/// The store that is there by default: rows in SQLite, texts in segments, in one directory.
public final class SqliteStore implements MailboxStore {
    static final String DATABASE = "store.db";
    private static final int READERS = 2;
    private static final long SHORT = 16 << 10;

    private final StoreLock lock;
    private final SqliteDatabase database;
    private final StoreState state;
    private final Readers readers;
    private final Committer committer;
    private final Bodies bodies;
    private final Sweeper sweeper;
    private final Settler settler;
    private final long shortBytes;
    private final Watchers watchers;

    private SqliteStore(StoreLock lock, SqliteDatabase database, Shape shape, InstantSource clock, MailLog log)
            throws IOException {
        this.lock = lock;
        this.database = database;
        state = new StoreState(database.file());
        watchers = new Watchers(log);
        committer = committer(database, clock, log);
        readers = new Readers(database, READERS);
        bodies = new Bodies(shape.disk(), shape.segmentBytes(), committer::wake);
        sweeper = new Sweeper(bodies, new Texts(readers, committer), shape.segmentBytes(), log);
        settler = new Settler(bodies, readers, committer, log);
        shortBytes = shape.shortBytes();
        committer.start();
        sweeper.start();
        settler.start();
    }

    private Committer committer(SqliteDatabase rows, InstantSource clock, MailLog log) throws IOException {
        boolean isKnown = state.isKnown();
        try {
            Handle writer = rows.writer();
            try {
                Schema.upgrade(writer);
                if (!isKnown) {
                    goOn(writer, rows, log);
                }
                state.opened(clock.instant());
                return new Committer(writer, clock, this::committed, () -> allCommitted(writer), log);
            } catch (IOException | JdbiException e) {
                allCommitted(writer);
                writer.close();
                throw e instanceof JdbiException refused ? rows.unusable(refused) : (IOException) e;
            }
        } catch (IOException e) {
            state.ended();
            throw e;
        }
    }

    private static void goOn(Handle writer, SqliteDatabase rows, MailLog log) {
        Returned.goOn(writer);
        log.warning(
                "postern",
                "mailbox store: nothing says how " + rows.file() + " was closed: UIDs go on a million later");
    }

    /// Nothing is committed any more: when all is in the database itself, its log is not needed.
    private void allCommitted(Handle writer) {
        try {
            if (SqliteDatabase.isWhole(writer)) {
                state.settled();
            }
        } catch (IOException | JdbiException e) {
            // the log counts at the next start, unless the database can put it away now
        }
    }

    /// Opens the store in a directory, which is made, for its owner alone, when it is missing.
    ///
    /// @throws IOException also when another process has it, or a file of it is missing
    public static SqliteStore open(Path directory, InstantSource clock, MailLog log) throws IOException {
        Directories.make(directory);
        DirectoryDisk texts = new DirectoryDisk(directory.resolve("texts"));
        return open(directory, new Shape(texts, Bodies.SEGMENT, SHORT), clock, log);
    }

    /// How texts are kept.
    ///
    /// @param segmentBytes a segment of so many bytes takes no more texts
    /// @param shortBytes a text of at most so many bytes is committed in the database first; -1 for none
    record Shape(Disk disk, long segmentBytes, long shortBytes) {}

    /// The same with texts kept in another way, in a directory that is there.
    static SqliteStore open(Path directory, Shape shape, InstantSource clock, MailLog log) throws IOException {
        StoreLock lock = StoreLock.take(directory);
        try {
            return new SqliteStore(lock, new SqliteDatabase(directory.resolve(DATABASE)), shape, clock, log);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void committed(Transaction transaction) {
        watchers.tell(transaction.changed());
        sweeper.gone(transaction.gone().sum());
        settler.came(transaction.fresh().sum());
    }

    @Override
    public Incoming incoming() {
        return new Delivery(bodies.begin(), committer, shortBytes);
    }

    @Override
    public void commit(List<Arrival> arrivals) throws IOException {
        Delivery.commit(arrivals, committer);
    }

    @Override
    public List<Mailbox> mailboxes(AccountName account) throws IOException {
        return readers.read(handle -> Mailboxes.all(handle, account));
    }

    @Override
    public @Nullable Mailbox mailbox(AccountName account, MailboxName name) throws IOException {
        return readers.read(handle -> Optional.ofNullable(Mailboxes.one(handle, account, name)))
                .orElse(null);
    }

    @Override
    public Mailbox create(AccountName account, MailboxName name, @Nullable UidValidity validity) throws IOException {
        return committer.change(transaction -> {
            MailboxRow made = Mailboxes.made(transaction, account, name, validity);
            transaction.rows().save();
            Mailbox mailbox = Mailboxes.one(transaction.handle(), account, name);
            return mailbox == null ? made.shown(account, false) : mailbox;
        });
    }

    @Override
    public void rename(Mailbox mailbox, MailboxName name) throws IOException {
        committer.change(transaction -> {
            MailboxRow row = Mailboxes.there(transaction, mailbox);
            if (name.isInbox() || transaction.rows().find(mailbox.owner(), name) != null) {
                throw new IllegalArgumentException("there is a mailbox " + name);
            }
            if (row.name.isInbox()) {
                MailboxRow to = Mailboxes.made(transaction, mailbox.owner(), name, null);
                move(transaction, Messages.between(transaction.handle(), row.id, Uid.FIRST, Uid.LAST), row, to);
            } else {
                Mailboxes.rename(transaction, row, mailbox.owner(), name);
            }
            return name;
        });
    }

    @Override
    public void delete(Mailbox mailbox) throws IOException {
        committer.change(transaction -> {
            delete(transaction, mailbox);
            return mailbox;
        });
    }

    private static void delete(Transaction transaction, Mailbox mailbox) {
        MailboxRow row = transaction.rows().find(mailbox.id());
        transaction.gone().add(row == null ? 0 : row.bytes());
        Messages.removeAll(transaction, mailbox.id());
        Mailboxes.delete(transaction, mailbox.id());
    }

    @Override
    public void subscribe(AccountName account, MailboxName name, boolean subscribed) throws IOException {
        committer.change(transaction -> {
            Mailboxes.subscribe(transaction, account, name, subscribed);
            return name;
        });
    }

    @Override
    public void specialUse(Mailbox mailbox, String specialUse) throws IOException {
        committer.change(transaction -> {
            Mailboxes.specialUse(transaction, mailbox, specialUse);
            return mailbox;
        });
    }

    @Override
    public void passUids(Mailbox mailbox, Uid next) throws IOException {
        committer.change(transaction -> {
            MailboxRow row = Mailboxes.there(transaction, mailbox);
            if (row.pass(next)) {
                Mailboxes.save(transaction, row);
            }
            return next;
        });
    }

    @Override
    public List<MessageRef> messages(Mailbox mailbox, Uid first, Uid last) throws IOException {
        return readers.read(handle -> Messages.between(handle, mailbox.id(), first, last));
    }

    @Override
    public List<MessageRef> messages(Mailbox mailbox, Uid first, int most) throws IOException {
        return readers.read(handle -> Messages.from(handle, mailbox.id(), first, most));
    }

    @Override
    public Overview overview(Mailbox mailbox) throws IOException {
        return readers.read(handle -> Messages.overview(handle, mailbox));
    }

    @Override
    public InputStream open(MessageRef message, long from) throws IOException {
        byte[] front = message.frontBytes();
        if (from >= front.length) {
            return text(message, from - front.length);
        }
        return new SequenceInputStream(
                new ByteArrayInputStream(front, (int) from, front.length - (int) from), text(message, 0));
    }

    private InputStream text(MessageRef message, long from) throws IOException {
        return new TextReads(readers, bodies).open(message.text(), from);
    }

    @Override
    public List<MessageRef> flags(Mailbox mailbox, Collection<Uid> uids, UnaryOperator<Flags> change)
            throws IOException {
        return committer.change(transaction -> {
            MailboxRow row = transaction.rows().find(mailbox.id());
            return row == null ? List.of() : Messages.flags(transaction, row, uids, change);
        });
    }

    @Override
    public List<Uid> expunge(Mailbox mailbox, Collection<Uid> uids) throws IOException {
        return committer.change(transaction -> {
            MailboxRow row = transaction.rows().find(mailbox.id());
            if (row == null) {
                return List.of();
            }
            List<MessageRef> messages = Messages.chosen(transaction.handle(), row.id, uids);
            Messages.remove(transaction, row, messages);
            return messages.stream().map(MessageRef::uid).toList();
        });
    }

    @Override
    public List<MessageRef> copy(Mailbox from, Collection<Uid> uids, Mailbox to) throws IOException {
        return committer.change(transaction -> Messages.copy(
                transaction, Messages.chosen(transaction.handle(), from.id(), uids), Mailboxes.there(transaction, to)));
    }

    @Override
    public List<MessageRef> move(Mailbox from, Collection<Uid> uids, Mailbox to) throws IOException {
        return committer.change(transaction -> {
            Handle handle = transaction.handle();
            MailboxRow target = Mailboxes.there(transaction, to);
            MailboxRow source = transaction.rows().find(from.id());
            return source == null
                    ? List.of()
                    : move(transaction, Messages.chosen(handle, source.id, uids), source, target);
        });
    }

    private static List<MessageRef> move(
            Transaction transaction, List<MessageRef> messages, MailboxRow from, MailboxRow to) throws IOException {
        List<MessageRef> copies = Messages.copy(transaction, messages, to);
        Messages.remove(transaction, from, messages);
        return copies;
    }

    @Override
    public Usage usage(AccountName account) throws IOException {
        return readers.read(
                handle -> handle.createQuery("SELECT COALESCE(SUM(m.messages), 0), COALESCE(SUM(m.bytes), 0)"
                                + " FROM mailboxes m JOIN accounts a ON a.id = m.account WHERE a.address = ?")
                        .bind(0, account.address())
                        .map((row, context) -> new Usage(row.getLong(1), row.getLong(2)))
                        .one());
    }

    @Override
    public boolean hasTaken(String id) throws IOException {
        return readers.read(handle -> TakenIds.has(handle, id));
    }

    @Override
    public List<AccountName> accounts() throws IOException {
        return readers.read(Mailboxes::accounts);
    }

    @Override
    public void delete(AccountName account) throws IOException {
        committer.change(transaction -> {
            transaction.rows().save();
            Mailboxes.all(transaction.handle(), account).forEach(mailbox -> delete(transaction, mailbox));
            return account;
        });
    }

    @Override
    public Closeable watch(long mailbox, Runnable changed) {
        return watchers.add(mailbox, changed);
    }

    /// Gives back the room of texts that no message names any more, now; the store does it by itself too.
    public Bodies.Compacted compact() throws IOException {
        return sweeper.sweep();
    }

    /// Holds still for a copy of all there is.
    public Snapshot snapshot() {
        return new Snapshot(database, bodies.hold(), new Texts(readers, committer), bodies);
    }

    @Override
    public List<String> check() throws IOException {
        return new StoreCheck(readers, new TextReads(readers, bodies)).run();
    }

    /// Brings short texts into segments, now; the store does it by itself too.
    void settle() throws IOException {
        settler.settle();
    }

    /// Forces and commits what waits, and ends.
    @Override
    public void close() throws IOException {
        settler.close();
        sweeper.close();
        bodies.close();
        // the last to close is the one that writes: it leaves no log of the database behind
        readers.close();
        committer.close();
        try {
            state.ended();
        } finally {
            lock.close();
        }
    }
}
