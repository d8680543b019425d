package postern;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import postern.admin.Mailroom;
import postern.mailbox.AccountName;
import postern.mailbox.backup.Backup;
import postern.mailbox.sql.Snapshot;
import postern.mailbox.sql.SqliteStore;

/// The mailboxes of a private server, as an operator sees them.
///
/// @param directory where the store lies
/// @param config the volume that goes along in backups
record PrivateMailroom(SqliteStore store, Path directory, Path config) implements Mailroom {
    /// What the files of the volume are called in a backup.
    static final String CONFIG = "config";

    @Override
    public Map<String, Long> usage() throws IOException {
        Map<String, Long> usage = new TreeMap<>();
        for (AccountName account : store.accounts()) {
            usage.put(account.toString(), store.usage(account).bytes());
        }
        return usage;
    }

    @Override
    public boolean remove(String account) throws IOException {
        AccountName name = new AccountName(account);
        boolean hadMail = !store.mailboxes(name).isEmpty();
        store.delete(name);
        return hadMail;
    }

    @Override
    public List<String> check() throws IOException {
        return store.check();
    }

    /// The volume, and what lies beside the mailboxes: scripts of users, and how far imports have come.
    private Map<String, Path> along() {
        return Map.of(CONFIG, config, "sieve", directory.resolve("sieve"), "transfer", directory.resolve("transfer"));
    }

    @Override
    public List<String> backup(Path to, Telling telling) throws IOException {
        FutureTask<List<String>> work = new FutureTask<>(() -> {
            try (Snapshot snapshot = store.snapshot()) {
                return Backup.make(snapshot, along(), to, telling::line);
            }
        });
        // copying the database holds its thread
        Thread.ofPlatform().name("backup").start(work);
        try {
            return work.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing is interrupted here", e);
        }
    }
}
