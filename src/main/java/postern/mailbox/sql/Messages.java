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
import postern.mailbox.Flags;
import postern.mailbox.Mailbox;
import postern.mailbox.MessageRef;
import postern.mailbox.ModSeq;
import postern.mailbox.Overview;
import postern.mailbox.TextRef;
import postern.mailbox.Uid;
import postern.mailbox.body.TextPlace;

/// SQL about messages.
final class Messages {
    private static final int AT_ONCE = 256;
    private static final String SELECT = "SELECT m.uid, m.modseq, m.flags, m.keywords, m.arrival, m.saved, m.front,"
            + " m.text, t.size, m.pop_id, t.segment, t.place, t.stored FROM messages m JOIN texts t ON t.id = m.text";

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
                new TextRef(
                        row.getLong(8),
                        row.getLong(9),
                        new TextPlace(row.getLong(11), row.getLong(12), row.getLong(13))),
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

    static List<MessageRef> from(Handle handle, long mailbox, Uid first, int most) {
        return handle.createQuery(SELECT + " WHERE m.mailbox = ? AND m.uid >= ? ORDER BY m.uid LIMIT ?")
                .bind(0, mailbox)
                .bind(1, first.value())
                .bind(2, most)
                .map(Messages::map)
                .list();
    }

    static Overview overview(Handle handle, Mailbox mailbox) {
        return handle.createQuery("SELECT uid, size, pop_id FROM messages WHERE mailbox = ? ORDER BY uid")
                .bind(0, mailbox.id())
                .scanResultSet((rows, context) -> {
                    Overview.Builder overview = new Overview.Builder(mailbox.messages());
                    ResultSet row = rows.get();
                    while (row.next()) {
                        overview.add(row.getLong(1), row.getLong(2), row.getString(3));
                    }
                    return overview.done();
                });
    }

    /// Those that are there, by UID, each once.
    static List<MessageRef> chosen(Handle handle, long mailbox, Collection<Uid> uids) {
        TreeSet<Uid> left = new TreeSet<>(uids);
        List<MessageRef> chosen = new ArrayList<>();
        int most = 1;
        while (!left.isEmpty()) {
            List<MessageRef> next = from(handle, mailbox, left.getFirst(), most);
            int before = chosen.size();
            next.stream().filter(message -> left.contains(message.uid())).forEach(chosen::add);
            if (next.size() < most) {
                break;
            }
            left.headSet(next.getLast().uid(), true).clear();
            // more at once as long as most of it is wanted
            most = (chosen.size() - before) * 2 > most ? Math.min(2 * most, AT_ONCE) : 1;
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
        transaction.update(
                "INSERT INTO messages (mailbox, uid, modseq, flags, keywords, arrival, saved, front, text,"
                        + " size, pop_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                into.id,
                message.uid().value(),
                message.modSeq().value(),
                message.flags().bits(),
                String.join(" ", message.flags().keywords()),
                message.arrival().getEpochSecond(),
                message.saved().getEpochSecond(),
                message.front(),
                message.text().id(),
                message.size(),
                message.popId());
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
                transaction.update(
                        "UPDATE messages SET flags = ?, keywords = ?, modseq = ? WHERE mailbox = ? AND uid = ?",
                        flags.bits(),
                        String.join(" ", flags.keywords()),
                        changed.modSeq().value(),
                        mailbox.id,
                        message.uid().value());
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
        for (MessageRef message : messages) {
            transaction.update(
                    "DELETE FROM messages WHERE mailbox = ? AND uid = ?",
                    mailbox.id,
                    message.uid().value());
            Texts.drop(transaction, message.text().id());
            mailbox.remove(message.size());
            transaction.gone().add(message.size());
        }
        Vanished.add(transaction, mailbox.id, mailbox.nextModSeq(), messages);
        Mailboxes.save(transaction, mailbox);
    }

    /// Removes all messages of a mailbox that goes away itself.
    static void removeAll(Transaction transaction, long mailbox) {
        // their texts first found, then dropped: those that are named elsewhere stay
        List<Long> texts = transaction
                .handle()
                .createQuery("SELECT DISTINCT text FROM messages WHERE mailbox = ?")
                .bind(0, mailbox)
                .mapTo(Long.class)
                .list();
        transaction.update("DELETE FROM messages WHERE mailbox = ?", mailbox);
        transaction.update("DELETE FROM vanished WHERE mailbox = ?", mailbox);
        texts.forEach(text -> Texts.drop(transaction, text));
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
