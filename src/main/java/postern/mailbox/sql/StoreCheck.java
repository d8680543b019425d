package postern.mailbox.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import postern.mailbox.TextRef;
import postern.mailbox.body.Residents;
import postern.mailbox.body.TextPlace;

/// Proves what must always hold: of the rows, and of each text that they name. Each rule is asked at a moment of
/// its own: while a moment is being read, the database's log cannot be emptied.
final class StoreCheck {
    private static final int AT_ONCE = 500;

    /// What must find nothing, and what it means when it does.
    private static final List<List<String>> RULES = List.of(
            List.of(
                    "SELECT m.mailbox, m.uid FROM messages m LEFT JOIN mailboxes b ON b.id = m.mailbox"
                            + " WHERE b.id IS NULL",
                    "mailbox %s is gone, but its message %s is there"),
            List.of(
                    "SELECT m.mailbox, m.uid FROM messages m JOIN mailboxes b ON b.id = m.mailbox"
                            + " WHERE m.uid >= b.next_uid OR m.uid < 1",
                    "mailbox %s: message %s has a UID that is still to be given"),
            List.of(
                    "SELECT m.mailbox, m.uid FROM messages m JOIN mailboxes b ON b.id = m.mailbox"
                            + " WHERE m.modseq > b.highest OR m.modseq < 1",
                    "mailbox %s: message %s has a ModSeq that is still to be given"),
            List.of(
                    "SELECT m.mailbox, m.uid FROM messages m LEFT JOIN texts t ON t.id = m.text WHERE t.id IS NULL",
                    "mailbox %s: message %s has no text"),
            List.of(
                    "SELECT m.mailbox, m.uid FROM messages m JOIN texts t ON t.id = m.text"
                            + " WHERE m.size <> t.size + OCTET_LENGTH(m.front)",
                    "mailbox %s: message %s has a wrong size"),
            List.of(
                    "SELECT b.id, b.messages FROM mailboxes b"
                            + " WHERE b.messages <> (SELECT COUNT(*) FROM messages m WHERE m.mailbox = b.id)",
                    "mailbox %s has not the %s messages that it counts"),
            List.of(
                    "SELECT b.id, b.bytes FROM mailboxes b"
                            + " WHERE b.bytes <> (SELECT COALESCE(SUM(m.size), 0) FROM messages m WHERE m.mailbox = b.id)",
                    "mailbox %s has not the %s bytes that it counts"),
            List.of(
                    "SELECT b.id, b.name FROM mailboxes b LEFT JOIN names n ON n.account = b.account AND n.name = b.name"
                            + " WHERE n.validity IS NULL OR n.validity < b.validity",
                    "mailbox %s: the name %s does not remember its UIDVALIDITY"),
            List.of(
                    "SELECT b.id, b.name FROM mailboxes b LEFT JOIN accounts a ON a.id = b.account WHERE a.id IS NULL",
                    "mailbox %s (%s) has no owner"),
            List.of(
                    "SELECT t.id, t.segment FROM texts t"
                            + " WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.text = t.id)",
                    "text %s in segment %s is named by no message"),
            List.of(
                    "SELECT t.id, t.size FROM texts t LEFT JOIN fresh_texts f ON f.id = t.id"
                            + " WHERE (t.segment = 0) <> (f.id IS NOT NULL)",
                    "text %s of %s bytes is not where its row says"),
            List.of(
                    "SELECT f.id, f.sum FROM fresh_texts f LEFT JOIN texts t ON t.id = f.id WHERE t.id IS NULL",
                    "fresh text %s with sum %s is named by nothing"),
            List.of(
                    "SELECT v.mailbox, v.first_uid FROM vanished v JOIN messages m ON m.mailbox = v.mailbox"
                            + " AND m.uid BETWEEN v.first_uid AND v.last_uid",
                    "mailbox %s: a message of the run from %s is there and has vanished"),
            List.of(
                    "SELECT c.name, c.last FROM counters c WHERE c.last < CASE c.name"
                            + " WHEN 'text' THEN (SELECT COALESCE(MAX(id), 0) FROM texts)"
                            + " WHEN 'mailbox' THEN (SELECT COALESCE(MAX(id), 0) FROM mailboxes)"
                            + " ELSE (SELECT COALESCE(MAX(id), 0) FROM accounts) END",
                    "the counter of %s stands at %s, below what it gave"));

    private final Readers readers;
    private final TextReads texts;

    StoreCheck(Readers readers, TextReads texts) {
        this.readers = readers;
        this.texts = texts;
    }

    List<String> run() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (List<String> rule : RULES) {
            wrong.addAll(readers.read(handle -> broken(handle, rule)));
        }
        long above = 0;
        List<Residents.Resident> some = after(above);
        while (!some.isEmpty()) {
            for (Residents.Resident text : some) {
                prove(text, wrong);
            }
            above = some.getLast().id();
            some = after(above);
        }
        return wrong;
    }

    private static List<String> broken(Handle handle, List<String> rule) {
        return handle.createQuery(rule.getFirst())
                .map((row, context) -> String.format(rule.getLast(), row.getString(1), row.getString(2)))
                .list();
    }

    private List<Residents.Resident> after(long above) throws IOException {
        return readers.read(handle -> handle.createQuery(
                        "SELECT id, segment, place, stored, size FROM texts WHERE id > ? ORDER BY id LIMIT ?")
                .bind(0, above)
                .bind(1, AT_ONCE)
                .map((row, context) -> new Residents.Resident(
                        row.getLong(1), new TextPlace(row.getLong(2), row.getLong(3), row.getLong(4)), row.getLong(5)))
                .list());
    }

    private void prove(Residents.Resident text, List<String> wrong) throws IOException {
        try {
            read(new TextRef(text.id(), text.size(), text.place()));
        } catch (IOException e) {
            // it may have been moved, or have gone, since
            Optional<TextPlace> now = readers.read(handle -> Optional.ofNullable(Texts.place(handle, text.id())));
            if (now.isPresent()) {
                try {
                    read(new TextRef(text.id(), text.size()));
                } catch (IOException again) {
                    wrong.add("text " + text.id() + ": " + again.getMessage());
                }
            }
        }
    }

    private void read(TextRef text) throws IOException {
        try (InputStream in = texts.open(text, 0)) {
            long length = in.transferTo(OutputStream.nullOutputStream());
            if (length != text.size()) {
                throw new IOException("it has " + length + " bytes instead of " + text.size());
            }
        }
    }
}
