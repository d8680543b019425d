package postern.mailbox.sql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import postern.config.SafeFile;

/// Whether the store was closed in order, in a file beside the database, `state`: `open since …` from before the
/// first mail of a run until all that was committed is in the database itself, then `closed`.
///
/// What was committed last is in the database's log meanwhile (`store.db-wal`). SQLite opens a database whose log is
/// gone as if there had been none: mail would be missing in silence, and its UIDs would be given again.
final class StoreState {
    private static final String OPEN = "open since ";
    private static final String CLOSED = "closed";
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path directory;
    private final Path database;
    private final Path log;
    private final Path file;
    /// What the file says.
    private boolean isOpen;

    StoreState(Path database) {
        this.directory = Objects.requireNonNull(database.toAbsolutePath().getParent());
        this.database = database;
        this.log = database.resolveSibling(database.getFileName() + "-wal");
        this.file = database.resolveSibling("state");
    }

    /// To be asked before the database is opened, which makes a log.
    ///
    /// @return false for a database of which nothing says how it was closed: newer ones may have been seen
    /// @throws IOException when something is missing; nothing has been touched
    boolean isKnown() throws IOException {
        boolean isThere = Files.exists(database) && Files.size(database) > 0;
        if (Files.notExists(file)) {
            return !isThere;
        }
        String said = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        isOpen = !said.startsWith(CLOSED);
        if (!isThere) {
            throw new IOException(
                    "the mailbox store's database " + database + " is missing or empty: put it back, with "
                            + log + " if there was one, or bring back a backup (postern restore); " + file
                            + " says that there was one");
        }
        if (isOpen && Files.notExists(log)) {
            throw new IOException("the log of the mailbox store's database is missing, and mail in it: " + log + " ("
                    + file + ": " + said
                    + "). Put it back beside the database; or bring back a backup (postern restore);"
                    + " or remove " + file
                    + " to go on with what the database has without it: UIDs are a million later then");
        }
        return true;
    }

    /// Returns when it lasts that the log counts; the log is there.
    void opened(Instant now) throws IOException {
        // never this file without the log
        SafeFile.forceDirectory(directory);
        isOpen = true;
        write(OPEN + now.truncatedTo(ChronoUnit.SECONDS));
    }

    /// All that was committed is in the database, and nothing will be any more.
    void settled() throws IOException {
        if (isOpen) {
            closed();
        }
    }

    /// Nobody has the database open any more. When all went well it has put its log away.
    void ended() throws IOException {
        if (isOpen && Files.notExists(log)) {
            closed();
        }
    }

    /// The database is what there is, whatever was before.
    void closed() throws IOException {
        write(CLOSED);
        isOpen = false;
    }

    /// In place: that can be done on a full disk too.
    private void write(String said) throws IOException {
        boolean isNew = Files.notExists(file);
        Set<StandardOpenOption> how = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, how, OWNERS)) {
            ByteBuffer line = ByteBuffer.wrap((said + "\n").getBytes(StandardCharsets.US_ASCII));
            int length = line.remaining();
            channel.write(line, 0);
            channel.truncate(length);
            channel.force(true);
        }
        if (isNew) {
            SafeFile.forceDirectory(directory);
        }
    }
}
