package postern.mailbox.sql;

import java.io.IOException;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import postern.mailbox.MailboxStore;

/// SQL about the ids that deliveries are known by.
final class TakenIds {
    private TakenIds() {}

    /// Something is committed under these ids, with whatever else the transaction does; old ones are forgotten.
    ///
    /// @throws IOException when something was before
    static void add(Transaction transaction, Set<String> ids) throws IOException {
        if (ids.isEmpty()) {
            return;
        }
        Handle handle = transaction.handle();
        handle.createUpdate("DELETE FROM taken WHERE taken_at < ?")
                .bind(0, transaction.now() - MailboxStore.IDS_KEPT.toSeconds())
                .execute();
        for (String id : ids) {
            if (has(handle, id)) {
                throw new IOException("something was delivered under the id " + id + " before");
            }
            handle.createUpdate("INSERT INTO taken (id, taken_at) VALUES (?, ?)")
                    .bind(0, id)
                    .bind(1, transaction.now())
                    .execute();
        }
    }

    static boolean has(Handle handle, String id) {
        return handle.createQuery("SELECT COUNT(*) FROM taken WHERE id = ?")
                        .bind(0, id)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }
}
