package postern.mailbox.sql;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import postern.mailbox.TextRef;
import postern.mailbox.body.Residents;
import postern.mailbox.body.TextPlace;
import postern.mailbox.body.TextWriter;

/// SQL about where texts lie.
///
/// @param readers who answers
/// @param committer who writes new places down
record Texts(Readers readers, Committer committer) implements Residents {
    static TextRef add(Transaction transaction, TextWriter text) {
        return add(transaction, text.place(), text.size());
    }

    static TextRef add(Transaction transaction, TextPlace place, long size) {
        long id = transaction.counters().next(Counters.Kind.TEXT);
        transaction.update(
                "INSERT INTO texts (id, segment, place, stored, size) VALUES (?, ?, ?, ?, ?)",
                id,
                place.segment(),
                place.at(),
                place.stored(),
                size);
        return new TextRef(id, size, place);
    }

    static @Nullable TextPlace place(Handle handle, long id) {
        return handle.createQuery("SELECT segment, place, stored FROM texts WHERE id = ?")
                .bind(0, id)
                .map((row, context) -> new TextPlace(row.getLong(1), row.getLong(2), row.getLong(3)))
                .findOne()
                .orElse(null);
    }

    /// Forgets a text unless a message names it.
    static void drop(Transaction transaction, long id) {
        transaction.update(
                "DELETE FROM texts WHERE id = ? AND NOT EXISTS (SELECT 1 FROM messages WHERE text = ?)", id, id);
        transaction.update(
                "DELETE FROM fresh_texts WHERE id = ? AND NOT EXISTS (SELECT 1 FROM texts WHERE id = ?)", id, id);
    }

    @Override
    public Map<Long, Long> live() throws IOException {
        return readers.read(handle -> handle.createQuery("SELECT segment, SUM(stored) FROM texts GROUP BY segment")
                .reduceRows(new java.util.HashMap<Long, Long>(), (live, row) -> {
                    live.put(row.getColumn(1, Long.class), row.getColumn(2, Long.class));
                    return live;
                }));
    }

    @Override
    public List<Resident> in(long segment, long above, int most) throws IOException {
        return readers.read(handle -> handle.createQuery("SELECT id, segment, place, stored, size FROM texts"
                        + " WHERE segment = ? AND id > ? ORDER BY id LIMIT ?")
                .bind(0, segment)
                .bind(1, above)
                .bind(2, most)
                .map((row, context) -> new Resident(
                        row.getLong(1), new TextPlace(row.getLong(2), row.getLong(3), row.getLong(4)), row.getLong(5)))
                .list());
    }

    @Override
    public void moved(Map<Resident, TextPlace> moved) throws IOException {
        committer.change(transaction -> {
            moved.forEach((resident, place) -> transaction
                    .handle()
                    .createUpdate("UPDATE texts SET segment = ?, place = ?, stored = ?"
                            + " WHERE id = ? AND segment = ? AND place = ?")
                    .bind(0, place.segment())
                    .bind(1, place.at())
                    .bind(2, place.stored())
                    .bind(3, resident.id())
                    .bind(4, resident.place().segment())
                    .bind(5, resident.place().at())
                    .execute());
            return moved.size();
        });
    }
}
