package postern.mailbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// A message on its way into mailboxes. Its text is written while it comes; it exists from [#commit] on.
/// Belongs to one thread.
public interface Incoming extends AutoCloseable {
    /// Where the message is to be.
    ///
    /// @param mailbox made when it is not there
    /// @param front what stands in front of the text in this mailbox alone (Return-Path, Delivered-To): whole
    ///     lines that end with CR LF, kept in UTF-8, or nothing
    /// @param uid to have when it comes from elsewhere and keeps its UID, which no message had yet: not below
    ///     [Mailbox#next]; 0 for the next one
    /// @param popId see [MessageRef]; empty when it has none
    record Place(
            AccountName account,
            MailboxName mailbox,
            String front,
            Flags flags,
            Instant arrival,
            long uid,
            String popId) {
        public Place(AccountName account, MailboxName mailbox, String front, Flags flags, Instant arrival) {
            this(account, mailbox, front, flags, arrival, 0, "");
        }
    }

    /// The next piece of the text; the buffer belongs to the caller again on return.
    ///
    /// @throws IOException when it cannot be kept: nothing of the message stays
    void write(ByteBuffer piece) throws IOException;

    /// Puts the message into all of the places, or into none: returns when that is forced to disk.
    ///
    /// @return what it is in each place, in their order
    /// @throws IllegalArgumentException when a place asks for a UID that has been passed: it is in none
    /// @throws IOException when it is in none
    default List<MessageRef> commit(List<Place> places) throws IOException {
        return commit(places, Set.of());
    }

    /// The same, and with it ids that this delivery is known by, so that all of it lasts or nothing does: what is
    /// brought again after a crash is recognised by them ([MailboxStore#hasTaken]).
    ///
    /// @param ids 32 hex digits each
    /// @throws IOException also when something was committed under one of them before
    List<MessageRef> commit(List<Place> places, Set<String> ids) throws IOException;

    /// Drops what has not been committed.
    @Override
    void close();
}
