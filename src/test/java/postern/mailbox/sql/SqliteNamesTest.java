package postern.mailbox.sql;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;
import postern.mailbox.MailboxNamesContract;
import postern.mailbox.MailboxStore;

/// The default engine keeps the contract.
class SqliteNamesTest extends MailboxNamesContract {
    @TempDir
    Path directory;

    @Override
    protected MailboxStore open() throws IOException {
        return SqliteStore.open(directory.resolve("mail"), () -> now, MailLog.none());
    }
}
