package postern.mailbox.sql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import postern.mailbox.TextRef;
import postern.mailbox.body.TextPlace;

/// SQL about short texts that are in no segment yet.
final class FreshTexts {
    /// Where they lie as far as segments are concerned, which are counted from 1.
    static final TextPlace PLACE = new TextPlace(0, 0, 0);

    private FreshTexts() {}

    /// One of them.
    record Fresh(long id, byte[] text) {}

    static boolean holds(TextPlace place) {
        return place.segment() == PLACE.segment();
    }

    static TextRef add(Transaction transaction, ByteBuffer text) {
        byte[] bytes = new byte[text.remaining()];
        text.get(text.position(), bytes);
        TextRef ref = Texts.add(transaction, PLACE, bytes.length);
        transaction.update("INSERT INTO fresh_texts (id, sum, text) VALUES (?, ?, ?)", ref.id(), sum(bytes), bytes);
        transaction.fresh().add(bytes.length);
        return ref;
    }

    private static long sum(byte[] text) {
        CRC32C sum = new CRC32C();
        sum.update(text);
        return sum.getValue();
    }

    /// @return null when it is not here, or not any more
    /// @throws IOException when it is damaged
    static byte @Nullable [] read(Handle handle, long id) throws IOException {
        List<Fresh> found = query(handle, "WHERE id = ?", id, 1);
        return found.isEmpty() ? null : found.getFirst().text();
    }

    /// Those with ids above one, by id.
    ///
    /// @throws IOException when one is damaged
    static List<Fresh> above(Handle handle, long id, int most) throws IOException {
        return query(handle, "WHERE id > ? ORDER BY id", id, most);
    }

    private static List<Fresh> query(Handle handle, String which, long id, int most) throws IOException {
        record Summed(Fresh fresh, long sum) {}
        List<Summed> found = handle.createQuery("SELECT id, sum, text FROM fresh_texts " + which + " LIMIT ?")
                .bind(0, id)
                .bind(1, most)
                .map((row, context) -> new Summed(new Fresh(row.getLong(1), row.getBytes(3)), row.getLong(2)))
                .list();
        for (Summed each : found) {
            if (sum(each.fresh().text()) != each.sum()) {
                throw new IOException("text " + each.fresh().id() + " is damaged: wrong checksum in the database");
            }
        }
        return found.stream().map(Summed::fresh).toList();
    }

    /// It lies in a segment now, unless it has gone meanwhile.
    static void moved(Transaction transaction, long id, TextPlace place) {
        transaction.update(
                "UPDATE texts SET segment = ?, place = ?, stored = ? WHERE id = ?",
                place.segment(),
                place.at(),
                place.stored(),
                id);
        transaction.update("DELETE FROM fresh_texts WHERE id = ?", id);
    }
}
