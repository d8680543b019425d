package postern;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import postern.admin.Exit;
import postern.admin.Mailroom;
import postern.admin.StoppedQueue;
import postern.log.MailLog;
import postern.mailbox.sql.SqliteStore;

/// The queue and the mailboxes of a private server that does not run. The store is opened for each thing that is
/// asked of it; where none ever was, none is made.
///
/// @param config the volume
/// @param directory where the store lies
record PrivateStopped(StoppedQueue queue, Path config, Path directory) implements StoppedQueue, Mailroom {
    private interface Work<T> {
        T in(Mailroom mailroom) throws IOException;
    }

    @Override
    public Mailroom mailroom() {
        return this;
    }

    @Override
    public Exit lend(Use use) throws IOException {
        return queue.lend(use);
    }

    /// @param nothing the answer where there is no store
    private <T> T open(T nothing, Work<T> work) throws IOException {
        if (Files.notExists(directory)) {
            return nothing;
        }
        try (SqliteStore store = SqliteStore.open(directory, InstantSource.system(), MailLog.none())) {
            return work.in(new PrivateMailroom(store, directory, config));
        } finally {
            giveBack(directory, Files.getOwner(directory));
        }
    }

    /// What root has made here belongs to the server's user.
    static void giveBack(Path directory, UserPrincipal owner) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                if (!Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                    Files.setOwner(file, owner);
                }
            }
        } catch (FileSystemException e) {
            // only root may give files away; the file is its maker's then
        }
    }

    @Override
    public Map<String, Long> usage() throws IOException {
        return open(Map.of(), Mailroom::usage);
    }

    @Override
    public boolean remove(String account) throws IOException {
        return open(false, mailroom -> mailroom.remove(account));
    }

    @Override
    public List<String> check() throws IOException {
        return open(List.of(), Mailroom::check);
    }

    @Override
    public List<String> backup(Path to, Telling telling) throws IOException {
        return open(
                List.of("there are no mailboxes in " + directory + ": nothing is copied"),
                mailroom -> mailroom.backup(to, telling));
    }
}
