package postern.pop3.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
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

/// A store of which something cannot be read.
final class FaultyStore implements MailboxStore {
    private final MailboxStore inner;
    private boolean closed;
    private boolean crashes;
    private int readable = Integer.MAX_VALUE;

    FaultyStore(MailboxStore inner) {
        this.inner = inner;
    }

    /// From now on nothing can be asked.
    void fail() {
        closed = true;
    }

    /// The next question meets a fault of ours.
    void crash() {
        crashes = true;
    }

    /// From now on texts can be read so far: 0 not even opened.
    void damage(int bytes) {
        readable = bytes;
    }

    private void mayRead() throws IOException {
        if (closed) {
            throw new IOException("the disk is gone");
        }
        if (crashes) {
            crashes = false;
            throw new IllegalStateException("crash");
        }
    }

    @Override
    public @Nullable Mailbox mailbox(AccountName account, MailboxName name) throws IOException {
        mayRead();
        return inner.mailbox(account, name);
    }

    @Override
    public List<MessageRef> messages(Mailbox mailbox, Uid first, Uid last) throws IOException {
        mayRead();
        return inner.messages(mailbox, first, last);
    }

    @Override
    public List<MessageRef> messages(Mailbox mailbox, Uid first, int most) throws IOException {
        mayRead();
        return inner.messages(mailbox, first, most);
    }

    @Override
    public Overview overview(Mailbox mailbox) throws IOException {
        mayRead();
        return inner.overview(mailbox);
    }

    @Override
    public InputStream open(MessageRef message, long from) throws IOException {
        mayRead();
        if (readable == 0) {
            throw new IOException("the text is damaged");
        }
        InputStream text = inner.open(message, from);
        return new InputStream() {
            private int left = readable;

            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public int read(byte[] into, int at, int count) throws IOException {
                if (left == 0) {
                    throw new IOException("the text is damaged");
                }
                int got = text.read(into, at, Math.min(left, count));
                left -= Math.max(0, got);
                return got;
            }
        };
    }

    @Override
    public Incoming incoming() throws IOException {
        return inner.incoming();
    }

    @Override
    public void commit(List<Arrival> arrivals) throws IOException {
        inner.commit(arrivals);
    }

    @Override
    public void passUids(Mailbox mailbox, Uid next) throws IOException {
        inner.passUids(mailbox, next);
    }

    @Override
    public List<Mailbox> mailboxes(AccountName account) throws IOException {
        return inner.mailboxes(account);
    }

    @Override
    public Mailbox create(AccountName account, MailboxName name, @Nullable UidValidity validity) throws IOException {
        return inner.create(account, name, validity);
    }

    @Override
    public void rename(Mailbox mailbox, MailboxName name) throws IOException {
        inner.rename(mailbox, name);
    }

    @Override
    public void delete(Mailbox mailbox) throws IOException {
        inner.delete(mailbox);
    }

    @Override
    public void subscribe(AccountName account, MailboxName name, boolean subscribed) throws IOException {
        inner.subscribe(account, name, subscribed);
    }

    @Override
    public void specialUse(Mailbox mailbox, String specialUse) throws IOException {
        inner.specialUse(mailbox, specialUse);
    }

    @Override
    public List<MessageRef> flags(Mailbox mailbox, Collection<Uid> uids, UnaryOperator<Flags> change)
            throws IOException {
        return inner.flags(mailbox, uids, change);
    }

    @Override
    public List<Uid> expunge(Mailbox mailbox, Collection<Uid> uids) throws IOException {
        return inner.expunge(mailbox, uids);
    }

    @Override
    public List<MessageRef> copy(Mailbox from, Collection<Uid> uids, Mailbox to) throws IOException {
        return inner.copy(from, uids, to);
    }

    @Override
    public List<MessageRef> move(Mailbox from, Collection<Uid> uids, Mailbox to) throws IOException {
        return inner.move(from, uids, to);
    }

    @Override
    public boolean hasTaken(String id) throws IOException {
        return inner.hasTaken(id);
    }

    @Override
    public Usage usage(AccountName account) throws IOException {
        return inner.usage(account);
    }

    @Override
    public List<AccountName> accounts() throws IOException {
        return inner.accounts();
    }

    @Override
    public void delete(AccountName account) throws IOException {
        inner.delete(account);
    }

    @Override
    public Closeable watch(long mailbox, Runnable changed) {
        return inner.watch(mailbox, changed);
    }

    @Override
    public List<String> check() throws IOException {
        return inner.check();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }
}
