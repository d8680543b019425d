package postern.mailbox.sql;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.UidValidity;

/// SQL about accounts, names and mailboxes.
final class Mailboxes {
    private static final Comparator<Mailbox> INBOX_FIRST = Comparator.comparing(
                    (Mailbox mailbox) -> mailbox.name().isInbox())
            .reversed()
            .thenComparing(Mailbox::name);

    private Mailboxes() {}

    static List<Mailbox> all(Handle handle, AccountName account) {
        return handle
                .createQuery("SELECT " + MailboxRow.COLUMNS
                        + ", COALESCE(n.subscribed, 0) FROM mailboxes m JOIN accounts a ON a.id = m.account"
                        + " LEFT JOIN names n ON n.account = m.account AND n.name = m.name WHERE a.address = ?")
                .bind(0, account.address())
                .map((row, context) -> MailboxRow.MAPPER.map(row, context).shown(account, row.getInt(10) != 0))
                .list()
                .stream()
                .sorted(INBOX_FIRST)
                .toList();
    }

    static @Nullable Mailbox one(Handle handle, AccountName account, MailboxName name) {
        return handle.createQuery("SELECT " + MailboxRow.COLUMNS
                        + ", COALESCE(n.subscribed, 0) FROM mailboxes m JOIN accounts a ON a.id = m.account"
                        + " LEFT JOIN names n ON n.account = m.account AND n.name = m.name"
                        + " WHERE a.address = ? AND m.name = ?")
                .bind(0, account.address())
                .bind(1, name.name())
                .map((row, context) -> MailboxRow.MAPPER.map(row, context).shown(account, row.getInt(10) != 0))
                .findOne()
                .orElse(null);
    }

    static List<AccountName> accounts(Handle handle) {
        return handle.createQuery("SELECT address FROM accounts ORDER BY address")
                .mapTo(String.class)
                .map(AccountName::new)
                .list();
    }

    static @Nullable MailboxRow row(Handle handle, long id) {
        return handle.createQuery("SELECT " + MailboxRow.COLUMNS + " FROM mailboxes m WHERE m.id = ?")
                .bind(0, id)
                .map(MailboxRow.MAPPER)
                .findOne()
                .orElse(null);
    }

    static @Nullable MailboxRow row(Handle handle, AccountName account, MailboxName name) {
        return handle.createQuery(
                        "SELECT " + MailboxRow.COLUMNS + " FROM mailboxes m JOIN accounts a ON a.id = m.account"
                                + " WHERE a.address = ? AND m.name = ?")
                .bind(0, account.address())
                .bind(1, name.name())
                .map(MailboxRow.MAPPER)
                .findOne()
                .orElse(null);
    }

    static MailboxRow there(Transaction transaction, Mailbox mailbox) throws IOException {
        MailboxRow row = transaction.rows().find(mailbox.id());
        if (row == null) {
            throw new IOException("mailbox " + mailbox.name() + " of " + mailbox.owner() + " is gone");
        }
        return row;
    }

    /// The mailbox of that name, made when it is not there.
    static MailboxRow made(
            Transaction transaction, AccountName account, MailboxName name, @Nullable UidValidity validity)
            throws IOException {
        MailboxRow there = transaction.rows().find(account, name);
        if (there != null) {
            return there;
        }
        long owner = account(transaction, account);
        long id = transaction.counters().next(Counters.Kind.MAILBOX);
        MailboxRow row = new MailboxRow(
                id, owner, name, validity(transaction, owner, name, validity == null ? 0 : validity.value()));
        transaction
                .handle()
                .createUpdate("INSERT INTO mailboxes (id, account, name, validity, next_uid, highest, messages, bytes,"
                        + " special_use) VALUES (?, ?, ?, ?, 1, 1, 0, 0, '')")
                .bind(0, id)
                .bind(1, owner)
                .bind(2, name.name())
                .bind(3, row.validity)
                .execute();
        transaction.rows().add(account, row);
        return row;
    }

    private static long account(Transaction transaction, AccountName account) {
        Handle handle = transaction.handle();
        return handle.createQuery("SELECT id FROM accounts WHERE address = ?")
                .bind(0, account.address())
                .mapTo(Long.class)
                .findOne()
                .orElseGet(() -> {
                    long id = transaction.counters().next(Counters.Kind.ACCOUNT);
                    handle.createUpdate("INSERT INTO accounts (id, address) VALUES (?, ?)")
                            .bind(0, id)
                            .bind(1, account.address())
                            .execute();
                    return id;
                });
    }

    /// The wanted UIDVALIDITY when it is higher than all before under this name; else one that is.
    private static long validity(Transaction transaction, long account, MailboxName name, long wanted)
            throws IOException {
        Handle handle = transaction.handle();
        long used = handle.createQuery("SELECT validity FROM names WHERE account = ? AND name = ?")
                .bind(0, account)
                .bind(1, name.name())
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
        long validity = wanted > used ? wanted : Math.max(used + 1, transaction.now());
        if (validity > 0xFFFF_FFFFL) {
            throw new IOException("the name " + name + " has used up its UIDVALIDITY");
        }
        handle.createUpdate("INSERT INTO names (account, name, validity, subscribed) VALUES (?, ?, ?, 0)"
                        + " ON CONFLICT (account, name) DO UPDATE SET validity = excluded.validity")
                .bind(0, account)
                .bind(1, name.name())
                .bind(2, validity)
                .execute();
        return validity;
    }

    static void subscribe(Transaction transaction, AccountName account, MailboxName name, boolean subscribed) {
        transaction
                .handle()
                .createUpdate("INSERT INTO names (account, name, validity, subscribed) VALUES (?, ?, 0, ?)"
                        + " ON CONFLICT (account, name) DO UPDATE SET subscribed = excluded.subscribed")
                .bind(0, account(transaction, account))
                .bind(1, name.name())
                .bind(2, subscribed ? 1 : 0)
                .execute();
    }

    static void specialUse(Transaction transaction, Mailbox mailbox, String specialUse) throws IOException {
        there(transaction, mailbox);
        transaction.rows().settle();
        transaction
                .handle()
                .createUpdate("UPDATE mailboxes SET special_use = ? WHERE id = ?")
                .bind(0, specialUse)
                .bind(1, mailbox.id())
                .execute();
    }

    /// Writes down what a row counts; its watchers will be told.
    static void save(Transaction transaction, MailboxRow row) {
        transaction.rows().changed(row);
        transaction.changed().add(row.id);
    }

    /// Gives a mailbox that is not INBOX, and those below it, another name.
    static void rename(Transaction transaction, MailboxRow row, AccountName owner, MailboxName name)
            throws IOException {
        transaction.rows().settle();
        List<Mailbox> all = all(transaction.handle(), owner);
        if (name.isBelow(row.name)) {
            throw new IllegalArgumentException(name + " would be below itself");
        }
        List<Mailbox> moving = all.stream()
                .filter(other -> other.id() == row.id || other.name().isBelow(row.name))
                .toList();
        for (Mailbox mailbox : moving) {
            MailboxName to = mailbox.name().moved(row.name, name);
            if (all.stream().anyMatch(other -> other.name().equals(to))) {
                throw new IllegalArgumentException("there is a mailbox " + to);
            }
            transaction
                    .handle()
                    .createUpdate("UPDATE mailboxes SET name = ?, validity = ? WHERE id = ?")
                    .bind(0, to.name())
                    .bind(
                            1,
                            validity(
                                    transaction,
                                    row.account,
                                    to,
                                    mailbox.validity().value()))
                    .bind(2, mailbox.id())
                    .execute();
            transaction.changed().add(mailbox.id());
        }
    }

    static void delete(Transaction transaction, long id) {
        transaction.rows().settle();
        transaction
                .handle()
                .createUpdate("DELETE FROM mailboxes WHERE id = ?")
                .bind(0, id)
                .execute();
        transaction.changed().add(id);
    }
}
