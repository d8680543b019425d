package postern.mailbox.sql;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import postern.mailbox.Flags;
import postern.mailbox.MessageRef;
import postern.mailbox.ModSeq;
import postern.mailbox.TextRef;
import postern.mailbox.Uid;

/// SQL about messages.
final class Messages {
    private static final String SELECT = "SELECT m.uid, m.modseq, m.flags, m.keywords, m.arrival, m.saved, m.front,"
            + " m.text, t.size, m.pop_id FROM messages m JOIN texts t ON t.id = m.text";

    private Messages() {}

    private static MessageRef map(ResultSet row, StatementContext context) throws SQLException {
        String keywords = row.getString(4);
        return new MessageRef(
                new Uid(row.getLong(1)),
                new ModSeq(row.getLong(2)),
                new Flags(row.getInt(3), keywords.isEmpty() ? List.of() : List.of(keywords.split(" "))),
                Instant.ofEpochSecond(row.getLong(5)),
                Instant.ofEpochSecond(row.getLong(6)),
                row.getString(7),
                new TextRef(row.getLong(8), row.getLong(9)),
                row.getString(10));
    }

    static List<MessageRef> between(Handle handle, long mailbox, Uid first, Uid last) {
        return handle.createQuery(SELECT + " WHERE m.mailbox = ? AND m.uid BETWEEN ? AND ? ORDER BY m.uid")
                .bind(0, mailbox)
                .bind(1, first.value())
                .bind(2, last.value())
                .map(Messages::map)
                .list();
    }

    private static @Nullable MessageRef one(Handle handle, long mailbox, Uid uid) {
        return handle.createQuery(SELECT + " WHERE m.mailbox = ? AND m.uid = ?")
                .bind(0, mailbox)
                .bind(1, uid.value())
                .map(Messages::map)
                .findOne()
                .orElse(null);
    }

    /// Those that are there, by UID, each once.
    static List<MessageRef> chosen(Handle handle, long mailbox, Collection<Uid> uids) {
        List<MessageRef> chosen = new ArrayList<>();
        for (Uid uid : new TreeSet<>(uids)) {
            MessageRef message = one(handle, mailbox, uid);
            if (message != null) {
                chosen.add(message);
            }
        }
        return chosen;
    }

    /// Puts a message into a mailbox whose row is saved afterwards.
    ///
    /// @param like all of it but UID, ModSeq and when it was saved
    /// @param wanted its UID; 0 for the next
    static MessageRef add(Transaction transaction, MailboxRow into, MessageRef like, long wanted) throws IOException {
        MessageRef message = new MessageRef(
                into.add(wanted, like.size()),
                into.nextModSeq(),
                like.flags(),
                Instant.ofEpochSecond(like.arrival().getEpochSecond()),
                Instant.ofEpochSecond(transaction.now()),
                like.front(),
                like.text(),
                like.popId());
        transaction
                .handle()
                .createUpdate(
                        "INSERT INTO messages (mailbox, uid, modseq, flags, keywords, arrival, saved, front, text,"
                                + " size, pop_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(0, into.id)
                .bind(1, message.uid().value())
                .bind(2, message.modSeq().value())
                .bind(3, message.flags().bits())
                .bind(4, String.join(" ", message.flags().keywords()))
                .bind(5, message.arrival().getEpochSecond())
                .bind(6, message.saved().getEpochSecond())
                .bind(7, message.front())
                .bind(8, message.text().id())
                .bind(9, message.size())
                .bind(10, message.popId())
                .execute();
        return message;
    }

    static List<MessageRef> flags(
            Transaction transaction, MailboxRow mailbox, Collection<Uid> uids, UnaryOperator<Flags> change) {
        List<MessageRef> after = new ArrayList<>();
        long before = mailbox.highest();
        for (MessageRef message : chosen(transaction.handle(), mailbox.id, uids)) {
            Flags flags = change.apply(message.flags());
            if (flags.equals(message.flags())) {
                after.add(message);
            } else {
                MessageRef changed = message.with(mailbox.nextModSeq(), flags);
                transaction
                        .handle()
                        .createUpdate("UPDATE messages SET flags = ?, keywords = ?, modseq = ?"
                                + " WHERE mailbox = ? AND uid = ?")
                        .bind(0, flags.bits())
                        .bind(1, String.join(" ", flags.keywords()))
                        .bind(2, changed.modSeq().value())
                        .bind(3, mailbox.id)
                        .bind(4, message.uid().value())
                        .execute();
                after.add(changed);
            }
        }
        if (mailbox.highest() > before) {
            Mailboxes.save(transaction, mailbox);
        }
        return after;
    }

    static void remove(Transaction transaction, MailboxRow mailbox, List<MessageRef> messages) {
        if (messages.isEmpty()) {
            return;
        }
        Handle handle = transaction.handle();
        for (MessageRef message : messages) {
            handle.createUpdate("DELETE FROM messages WHERE mailbox = ? AND uid = ?")
                    .bind(0, mailbox.id)
                    .bind(1, message.uid().value())
                    .execute();
            Texts.drop(handle, message.text().id());
            mailbox.remove(message.size());
            transaction.gone().add(message.size());
        }
        mailbox.nextModSeq();
        Mailboxes.save(transaction, mailbox);
    }

    /// Removes all messages of a mailbox that goes away itself.
    static void removeAll(Handle handle, long mailbox) {
        // their texts first found, then dropped: those that are named elsewhere stay
        List<Long> texts = handle.createQuery("SELECT DISTINCT text FROM messages WHERE mailbox = ?")
                .bind(0, mailbox)
                .mapTo(Long.class)
                .list();
        handle.createUpdate("DELETE FROM messages WHERE mailbox = ?")
                .bind(0, mailbox)
                .execute();
        texts.forEach(text -> Texts.drop(handle, text));
    }

    static List<MessageRef> copy(Transaction transaction, List<MessageRef> messages, MailboxRow to) throws IOException {
        List<MessageRef> copies = new ArrayList<>();
        for (MessageRef message : messages) {
            copies.add(add(transaction, to, message.withoutPopId(), 0));
        }
        if (!copies.isEmpty()) {
            Mailboxes.save(transaction, to);
        }
        return copies;
    }
}
