package postern.mailbox.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The file with the rows: all that is said to SQLite alone.
final class SqliteDatabase {
    private static final int WAL_PAGES = 4_000;
    private static final int CACHE_KIBIBYTES = 8 << 10;
    private static final int WAL_BYTES_KEPT = 32 << 20;

    private final Path file;

    SqliteDatabase(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /// A connection that writes: one for all.
    Handle writer() throws IOException {
        SQLiteConfig config = config();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setWalAutocheckpoint(WAL_PAGES);
        config.setJournalSizeLimit(WAL_BYTES_KEPT);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        return open(config);
    }

    /// A connection that reads beside it.
    Handle reader() throws IOException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        return open(config);
    }

    /// Writes all rows of one moment into a new file, which may not be forced yet. Writers are not kept waiting.
    void copyTo(Path copy) throws IOException {
        try (Handle handle = reader()) {
            handle.execute("VACUUM INTO ?", copy.toString());
        } catch (JdbiException e) {
            throw new IOException("the mailbox store's database cannot be copied: " + reason(e), e);
        }
    }

    /// Brings what was committed from the log into the file, as far as readers let it, and waits for nobody.
    ///
    /// @return whether all of it is there, forced to disk
    static boolean isWhole(Handle writer) {
        return writer.createQuery("PRAGMA wal_checkpoint(PASSIVE)")
                .map((row, context) -> row.getInt(1) == 0 && row.getInt(2) == row.getInt(3))
                .one();
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setCacheSize(-CACHE_KIBIBYTES);
        config.setBusyTimeout(10_000);
        return config;
    }

    private Handle open(SQLiteConfig config) throws IOException {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        try {
            Handle handle = Jdbi.create(source).open();
            return handle.setStatementBuilder(new KeptStatements());
        } catch (JdbiException e) {
            throw unusable(e);
        }
    }

    /// Why the store cannot be opened, and what to do.
    IOException unusable(JdbiException e) {
        String what = "the mailbox store's database " + file + " cannot be opened: " + reason(e);
        return new IOException(isFinal(e) ? what + remedy(e) : what, e);
    }

    /// Whether after this nothing may be written any more: the disk has failed, or the file is damaged. Trying a
    /// force again might succeed for pages that the kernel has dropped, and a damaged file must not get worse.
    static boolean isFinal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException refused) {
                if (refused.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE) {
                    // the disk is full, and only the log's index has no room, which does not outlive the process
                    return false;
                }
                int code = refused.getResultCode().code & 0xFF;
                return code == SQLiteErrorCode.SQLITE_IOERR.code
                        || code == SQLiteErrorCode.SQLITE_CORRUPT.code
                        || code == SQLiteErrorCode.SQLITE_NOTADB.code;
            }
        }
        return false;
    }

    /// What is to be done after such a failure, as the end of a sentence.
    static String remedy(Throwable failure) {
        return reason(failure).contains("SQLITE_IOERR")
                ? " (look at the disk first: the kernel's log says what it refused)"
                : " (the file is damaged: stop the server and restore a backup, postern restore; mail that can still be"
                        + " read is served meanwhile)";
    }

    /// What the database itself said.
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof SQLException) {
                return String.valueOf(cause.getMessage());
            }
            cause = cause.getCause();
        }
        return String.valueOf(failure.getMessage());
    }
}
