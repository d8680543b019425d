package postern.mailbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A place for the mail of many accounts. What changes something returns when the change is forced to disk.
/// Every engine passes the same contract test. Safe for use from many threads.
///
/// A method throws [IOException] for what the system refuses (no space, a damaged file): then nothing has
/// changed.
public interface MailboxStore extends Closeable {
    /// How long ids of deliveries are remembered.
    Duration IDS_KEPT = Duration.ofDays(7);

    /// Begins a message.
    Incoming incoming() throws IOException;

    /// Puts many messages where they are to be, in this order, or none of them: returns when that is forced to
    /// disk. For mail that is taken over from elsewhere.
    ///
    /// @throws IllegalArgumentException when a place asks for a UID that has been passed: none is anywhere
    /// @throws IOException when none is anywhere
    void commit(List<Arrival> arrivals) throws IOException;

    /// The mailboxes of an account, INBOX first, then by name; none for an account that has no mail yet.
    List<Mailbox> mailboxes(AccountName account) throws IOException;

    @Nullable
    Mailbox mailbox(AccountName account, MailboxName name) throws IOException;

    /// Makes a mailbox; returns the one that is there already.
    ///
    /// @param validity to have when it comes from elsewhere; null, or not higher than all before under this
    ///     name: one that is
    Mailbox create(AccountName account, MailboxName name, @Nullable UidValidity validity) throws IOException;

    /// Gives a mailbox, and those below it, another name (RFC 9051 §6.3.6). INBOX gives its messages to a new
    /// mailbox of that name and stays.
    ///
    /// @throws IllegalArgumentException when there is one of that name, or it would be below itself
    void rename(Mailbox mailbox, MailboxName name) throws IOException;

    /// Removes a mailbox with its messages; those below it stay.
    void delete(Mailbox mailbox) throws IOException;

    void subscribe(AccountName account, MailboxName name, boolean subscribed) throws IOException;

    /// @param specialUse `\Junk` and its kin, or empty
    void specialUse(Mailbox mailbox, String specialUse) throws IOException;

    /// From now on no message of a mailbox gets a UID below one: those had been given elsewhere.
    void passUids(Mailbox mailbox, Uid next) throws IOException;

    /// The messages from one UID to another, both included, by UID; none when the mailbox is gone.
    List<MessageRef> messages(Mailbox mailbox, Uid first, Uid last) throws IOException;

    /// The first messages from a UID on, by UID, at most so many; none when the mailbox is gone.
    List<MessageRef> messages(Mailbox mailbox, Uid first, int most) throws IOException;

    /// All messages at one moment, in little room.
    Overview overview(Mailbox mailbox) throws IOException;

    /// A message, front and text, from a byte of it on.
    ///
    /// A message that has gone since it was looked up may be gone here too, or still be read (RFC 2180 §4.1).
    ///
    /// @throws IOException also when the text is damaged, before a wrong byte is given
    InputStream open(MessageRef message, long from) throws IOException;

    /// Changes flags; each message that has other flags after it gets a new ModSeq.
    ///
    /// @return the messages that are still there, as they are now
    List<MessageRef> flags(Mailbox mailbox, Collection<Uid> uids, UnaryOperator<Flags> change) throws IOException;

    /// Removes messages.
    ///
    /// @return those that were there
    List<Uid> expunge(Mailbox mailbox, Collection<Uid> uids) throws IOException;

    /// Puts messages into another mailbox as well; their text is kept once.
    ///
    /// @return the new messages, in the order of the UIDs that were there
    /// @throws IOException also when the other mailbox is gone
    List<MessageRef> copy(Mailbox from, Collection<Uid> uids, Mailbox to) throws IOException;

    /// The same, and removes them from the first.
    List<MessageRef> move(Mailbox from, Collection<Uid> uids, Mailbox to) throws IOException;

    /// What an account's mail takes.
    Usage usage(AccountName account) throws IOException;

    /// Whether a message was committed under an id ([Incoming#commit(List, java.util.Set)]) since [#IDS_KEPT] ago.
    boolean hasTaken(String id) throws IOException;

    /// All accounts that have or had mail.
    List<AccountName> accounts() throws IOException;

    /// Removes an account's mailboxes with all mail. What UIDVALIDITY they had is remembered.
    void delete(AccountName account) throws IOException;

    /// Is told of changes once they are forced: whoever shows a mailbox to a client. Told on a thread of its own;
    /// once for many changes when it is slow. What it throws is logged and harms nobody.
    ///
    /// @return ends the telling
    Closeable watch(long mailbox, Runnable changed);

    /// Proves what must always hold, and says what does not: empty when all is well.
    List<String> check() throws IOException;

    /// A message whose text is whole, and where it is to be.
    record Arrival(Incoming message, Incoming.Place place) {}

    /// @param messages in all mailboxes
    /// @param bytes of their texts
    record Usage(long messages, long bytes) {}
}
