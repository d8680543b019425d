package postern.mailbox.sql;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jdbi.v3.core.Handle;

/// A store that came back from a backup, or has lost its last changes. What it gave since then is not known any
/// more, and clients may have seen it: so that no UID, ModSeq or id is given twice, it goes on far behind, and what is
/// there counts as changed after all that a client has seen.
public final class Returned {
    /// More than is given between a backup and the day when it is needed.
    private static final long FAR = 1_000_000;
    /// Where UIDs of 32 bits leave no room for that.
    private static final long LATE = 4_000_000_000L;

    private Returned() {}

    /// Keeps everybody out of a store's directory, be the store sound or not, until that is closed.
    ///
    /// @throws IOException also when somebody has it open
    public static Closeable keepOut(Path directory) throws IOException {
        return StoreLock.take(directory);
    }

    /// @param directory the store, which nobody has open
    public static void goOn(Path directory) throws IOException {
        Path database = directory.resolve(SqliteStore.DATABASE);
        try (Handle handle = new SqliteDatabase(database).writer()) {
            Schema.upgrade(handle);
            goOn(handle);
        }
        new StoreState(database).closed();
    }

    static void goOn(Handle handle) {
        handle.useTransaction(inside -> {
            inside.execute("UPDATE counters SET last = last + ?", FAR);
            inside.execute("UPDATE mailboxes SET highest = highest + ?", FAR);
            // those that were given after the backup are gone, for who saw them
            inside.execute(
                    "INSERT INTO vanished (mailbox, modseq, first_uid, last_uid)"
                            + " SELECT id, highest, next_uid, next_uid + ? FROM mailboxes WHERE next_uid < ?",
                    FAR - 1,
                    LATE);
            inside.execute("UPDATE mailboxes SET next_uid = next_uid + ? WHERE next_uid < ?", FAR, LATE);
            inside.execute("UPDATE messages SET modseq ="
                    + " (SELECT b.highest FROM mailboxes b WHERE b.id = messages.mailbox)");
        });
    }
}
