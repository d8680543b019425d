package postern.mailbox.sql;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxName;

/// The rows of mailboxes that the committer has read. Nobody else writes them, so they stay true from one
/// transaction to the next; they are forgotten when a transaction is undone, and when SQL changes them behind
/// their back.
final class MailboxRows {
    private static final int KEPT = 500;

    private record Named(String account, String mailbox) {}

    private final Handle handle;
    private final Prepared statements;
    private final Map<Long, MailboxRow> byId = new HashMap<>();
    private final Map<Named, MailboxRow> byName = new HashMap<>();
    private final Set<MailboxRow> unsaved = new LinkedHashSet<>();

    MailboxRows(Handle handle, Prepared statements) {
        this.handle = handle;
        this.statements = statements;
    }

    @Nullable
    MailboxRow find(long id) {
        MailboxRow row = byId.get(id);
        if (row == null) {
            row = Mailboxes.row(handle, id);
            if (row != null) {
                byId.put(id, row);
            }
        }
        return row;
    }

    @Nullable
    MailboxRow find(AccountName account, MailboxName name) {
        Named named = new Named(account.address(), name.name());
        MailboxRow row = byName.get(named);
        if (row == null) {
            MailboxRow read = Mailboxes.row(handle, account, name);
            row = read == null ? null : byId.computeIfAbsent(read.id, id -> read);
            if (row != null) {
                byName.put(named, row);
            }
        }
        return row;
    }

    /// A new one, whose row is in the database.
    void add(AccountName account, MailboxRow row) {
        byId.put(row.id, row);
        byName.put(new Named(account.address(), row.name.name()), row);
    }

    /// What this one counts has changed.
    void changed(MailboxRow row) {
        unsaved.add(row);
    }

    /// Writes down what has changed.
    void save() {
        for (MailboxRow row : unsaved) {
            statements.update(
                    "UPDATE mailboxes SET next_uid = ?, highest = ?, messages = ?, bytes = ? WHERE id = ?",
                    row.next(),
                    row.highest(),
                    row.messages(),
                    row.bytes(),
                    row.id);
        }
        unsaved.clear();
    }

    /// Writes down what has changed, and forgets all: SQL is going to see and to change the rows itself.
    void settle() {
        save();
        forget();
    }

    /// The transaction has been undone.
    void forget() {
        unsaved.clear();
        byId.clear();
        byName.clear();
    }

    /// The transaction has been committed.
    void committed() {
        if (byId.size() > KEPT) {
            forget();
        }
    }
}
