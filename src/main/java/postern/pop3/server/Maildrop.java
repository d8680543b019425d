package postern.pop3.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Overview;
import postern.mailbox.Uid;

/// An INBOX as it was when its owner logged in (RFC 1939 §4): 12 bytes for each message. Messages are counted
/// from 0 here and from 1 on the wire.
final class Maildrop {
    /// How many messages are looked up together: few at first, and twice as many each time that a client has wanted
    /// one after the other, as most do.
    private static final int AHEAD = 16;

    private static final int MOST_AHEAD = 128;

    private static final Flags SEEN = Flags.of(Flags.Flag.SEEN);

    private final MailboxStore store;
    private final AccountName owner;
    private final @Nullable Mailbox mailbox;
    private final SessionLog log;
    private final Overview messages;
    private final BitSet deleted = new BitSet();
    private final BitSet seen = new BitSet();
    private boolean ended;
    private List<MessageRef> ahead = List.of();
    private int nextAhead;

    private Maildrop(
            MailboxStore store, AccountName owner, @Nullable Mailbox mailbox, Overview messages, SessionLog log) {
        this.store = store;
        this.owner = owner;
        this.mailbox = mailbox;
        this.log = log;
        this.messages = messages;
    }

    /// @throws IOException when the store cannot say what is there
    static Maildrop open(MailboxStore store, AccountName account, SessionLog log) throws IOException {
        Mailbox inbox = store.mailbox(account, MailboxName.INBOX);
        Overview messages = inbox == null ? new Overview.Builder(0).done() : store.overview(inbox);
        return new Maildrop(store, account, inbox, messages, log);
    }

    /// One to 70 visible characters (RFC 1939 §7).
    private static boolean isUniqueId(String text) {
        return !text.isEmpty() && text.length() <= 70 && text.chars().allMatch(c -> c > ' ' && c < 127);
    }

    AccountName owner() {
        return owner;
    }

    /// How many messages there are, the deleted ones not counted.
    int count() {
        return messages.count() - deleted.cardinality();
    }

    /// How many messages there were.
    int total() {
        return messages.count();
    }

    /// How many are to be deleted, or are.
    int deleted() {
        return deleted.cardinality();
    }

    /// Bytes of the messages, without the deleted ones.
    long bytes() {
        long bytes = 0;
        for (int index = next(0); index >= 0; index = next(index + 1)) {
            bytes += messages.size(index);
        }
        return bytes;
    }

    /// Bytes of all there were.
    long totalBytes() {
        long bytes = 0;
        for (int index = 0; index < messages.count(); index++) {
            bytes += messages.size(index);
        }
        return bytes;
    }

    /// The first message from `from` on that is not deleted; -1 when there is none.
    int next(int from) {
        int index = deleted.nextClearBit(from);
        return index < messages.count() ? index : -1;
    }

    /// The message of a number.
    ///
    /// @throws Response.Refused when there is none, or it is deleted
    int index(int number) {
        if (number < 1 || number > messages.count()) {
            throw new Response.Refused("-ERR There's no message " + number + ".");
        }
        if (deleted.get(number - 1)) {
            throw new Response.Refused("-ERR Message is deleted.");
        }
        return number - 1;
    }

    long size(int index) {
        return messages.size(index);
    }

    /// What the client knows a message by in all sessions.
    String uniqueId(int index) {
        String name = messages.popId(index);
        if (isUniqueId(name) || mailbox == null) {
            return name;
        }
        return hex((int) uid(index).value()) + hex((int) mailbox.validity().value());
    }

    /// Eight hexadecimal digits.
    private static String hex(int value) {
        String digits = Integer.toHexString(value);
        return "0".repeat(8 - digits.length()) + digits;
    }

    /// @throws Response.Refused when another session has removed it, or the store cannot be asked
    MessageRef find(int index) {
        Uid uid = uid(index);
        MessageRef found = seenAhead(uid);
        if (found == null && mailbox != null) {
            int most = nextAhead > 0 && nextAhead == ahead.size() ? Math.min(MOST_AHEAD, 2 * ahead.size()) : AHEAD;
            try {
                ahead = store.messages(mailbox, uid, most);
                nextAhead = 0;
            } catch (IOException e) {
                throw unreadable(e);
            }
            found = seenAhead(uid);
        }
        if (found == null) {
            throw removed();
        }
        return found;
    }

    private static Response.Refused removed() {
        return new Response.Refused("-ERR Message was removed by another session.");
    }

    /// The message, when it is among those that were looked up: the next of them, or any.
    private @Nullable MessageRef seenAhead(Uid uid) {
        for (int i = 0; i < ahead.size(); i++) {
            int at = (nextAhead + i) % ahead.size();
            if (ahead.get(at).uid().equals(uid)) {
                nextAhead = at + 1;
                return ahead.get(at);
            }
        }
        return null;
    }

    /// @throws Response.Refused when it cannot be read, or has been removed since it was found
    InputStream open(MessageRef message) {
        try {
            return store.open(message, 0);
        } catch (IOException e) {
            throw isThere(message.uid()) ? unreadable(e) : removed();
        }
    }

    private boolean isThere(Uid uid) {
        try {
            return mailbox != null && !store.messages(mailbox, uid, uid).isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    private Response.Refused unreadable(IOException e) {
        log.warning("a message cannot be read: " + e.getMessage());
        return new Response.Refused("-ERR [SYS/TEMP] Message can't be read now.");
    }

    private Uid uid(int index) {
        return messages.uid(index);
    }

    void delete(int index) {
        deleted.set(index);
    }

    void undelete() {
        deleted.clear();
    }

    /// A message has been sent whole.
    void retrieved(int index, MessageRef message) {
        if (!message.flags().has(Flags.Flag.SEEN)) {
            seen.set(index);
        }
    }

    /// What QUIT does (RFC 1939 §6): returns when the deleted messages are gone for good.
    ///
    /// @return false when none is
    boolean update() {
        if (mailbox != null && !deleted.isEmpty()) {
            try {
                store.expunge(mailbox, uids(deleted));
            } catch (IOException e) {
                log.warning("messages cannot be deleted: " + e.getMessage());
                return false;
            }
        }
        return true;
    }

    /// @return false when it had ended before
    boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    /// The session has ended, in whatever way: what the client has is `\Seen` for others.
    void close() {
        if (mailbox != null && !seen.isEmpty()) {
            try {
                store.flags(mailbox, uids(seen), flags -> flags.with(SEEN));
            } catch (IOException e) {
                log.warning("messages cannot be marked as seen: " + e.getMessage());
            }
        }
    }

    private List<Uid> uids(BitSet which) {
        List<Uid> all = new ArrayList<>(which.cardinality());
        which.stream().forEach(index -> all.add(uid(index)));
        return all;
    }
}
