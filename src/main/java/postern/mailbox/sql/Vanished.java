package postern.mailbox.sql;

import java.util.List;
import postern.mailbox.MessageRef;
import postern.mailbox.ModSeq;

/// SQL about UIDs that went: what a client is told that was away (RFC 7162 §3.2.10).
final class Vanished {
    /// Changes of a mailbox after which what went is forgotten: who was away longer hears what is there.
    private static final long KEPT = 100_000;

    private Vanished() {}

    /// @param messages by UID
    static void add(Transaction transaction, long mailbox, ModSeq modSeq, List<MessageRef> messages) {
        transaction.update("DELETE FROM vanished WHERE mailbox = ? AND modseq < ?", mailbox, modSeq.value() - KEPT);
        long first = messages.getFirst().uid().value();
        long last = first;
        for (MessageRef message : messages) {
            long uid = message.uid().value();
            if (uid > last + 1) {
                insert(transaction, mailbox, modSeq, first, last);
                first = uid;
            }
            last = uid;
        }
        insert(transaction, mailbox, modSeq, first, last);
    }

    private static void insert(Transaction transaction, long mailbox, ModSeq modSeq, long first, long last) {
        transaction.update(
                "INSERT INTO vanished (mailbox, modseq, first_uid, last_uid) VALUES (?, ?, ?, ?)",
                mailbox,
                modSeq.value(),
                first,
                last);
    }
}
