package postern.mailbox.sql;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import postern.mailbox.AccountName;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.ModSeq;
import postern.mailbox.Uid;
import postern.mailbox.UidValidity;

/// A row of `mailboxes`, as it is changed within a transaction: read once, written once.
final class MailboxRow {
    static final String COLUMNS =
            "m.id, m.account, m.name, m.validity, m.next_uid, m.highest, m.messages, m.bytes," + " m.special_use";
    static final RowMapper<MailboxRow> MAPPER = MailboxRow::new;

    final long id;
    final long account;
    final MailboxName name;
    final long validity;
    final String specialUse;
    private long next;
    private long highest;
    private long messages;
    private long bytes;

    private MailboxRow(ResultSet row, StatementContext context) throws SQLException {
        id = row.getLong(1);
        account = row.getLong(2);
        name = new MailboxName(row.getString(3));
        validity = row.getLong(4);
        next = row.getLong(5);
        highest = row.getLong(6);
        messages = row.getLong(7);
        bytes = row.getLong(8);
        specialUse = row.getString(9);
    }

    /// A new one.
    MailboxRow(long id, long account, MailboxName name, long validity) {
        this.id = id;
        this.account = account;
        this.name = name;
        this.validity = validity;
        this.specialUse = "";
        this.next = 1;
        this.highest = 1;
    }

    Mailbox shown(AccountName owner, boolean subscribed) {
        return new Mailbox(
                id,
                owner,
                name,
                new UidValidity(validity),
                new Uid(next),
                new ModSeq(highest),
                messages,
                bytes,
                specialUse,
                subscribed);
    }

    long next() {
        return next;
    }

    long highest() {
        return highest;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /// A UID for a message of so many bytes.
    ///
    /// @param wanted 0 for the next
    /// @throws IllegalArgumentException when the one that is wanted has been passed
    Uid add(long wanted, long size) throws IOException {
        if (wanted != 0 && wanted < next) {
            throw new IllegalArgumentException("UID " + wanted + " has been passed: the next is " + next);
        }
        Uid uid = new Uid(Math.max(next, wanted));
        if (uid.equals(Uid.LAST)) {
            throw new IOException("mailbox " + name + " has used up its UIDs");
        }
        next = uid.value() + 1;
        messages++;
        bytes += size;
        return uid;
    }

    /// Gives no UID below one any more; says whether it would have.
    boolean pass(Uid uid) {
        boolean higher = uid.value() > next;
        next = Math.max(next, uid.value());
        return higher;
    }

    void remove(long size) {
        messages--;
        bytes -= size;
    }

    ModSeq nextModSeq() {
        return new ModSeq(++highest);
    }
}
