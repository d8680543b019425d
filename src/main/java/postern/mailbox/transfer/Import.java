package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.transfer.Report.Count;

/// Takes accounts over from elsewhere.
public final class Import {
    /// An account that is opened when its turn comes.
    public interface Opener {
        AccountName account();

        /// @throws IOException when it cannot be reached; the message says why
        ForeignAccount open() throws IOException;
    }

    private final @Nullable Target target;
    private final Path directory;
    private final Report report;

    /// @param store where mail goes; null to only count
    /// @param directory of the store: journals and Sieve scripts are kept there
    public Import(@Nullable MailboxStore store, Path directory, Report report) {
        this.target = store == null ? null : new Target(store);
        this.directory = directory;
        this.report = report;
    }

    /// The accounts whose INBOX has been taken over from anywhere.
    ///
    /// @param directory of the store
    public static Set<AccountName> taken(Path directory) throws IOException {
        return Journal.accounts(directory, MailboxName.INBOX.name());
    }

    /// Takes over all that there is, a few accounts at a time, and says so; what cannot be is reported, and the
    /// rest goes on.
    ///
    /// @throws IOException when the store can take no more
    public void run(List<? extends Opener> accounts) throws IOException {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        ExecutorService pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("import-", 1).factory());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Opener account : accounts) {
                running.add(pool.submit(() -> {
                    account(account);
                    return account;
                }));
            }
            await(running);
        } finally {
            pool.shutdown();
        }
        report.say(report.summary(target == null ? "to take" : "taken"));
    }

    private static void await(List<Future<?>> running) throws IOException {
        try {
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            running.forEach(one -> one.cancel(false));
            if (e.getCause() instanceof StoreFailure failure) {
                throw new IOException("the mailbox store takes no more: " + failure.getMessage(), failure);
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing is interrupted here", e);
        }
    }

    private void account(Opener opener) throws StoreFailure {
        report.add(Count.ACCOUNTS, 1);
        try (ForeignAccount account = opener.open()) {
            new AccountImport(target, directory, account, report).run();
        } catch (StoreFailure e) {
            throw e;
        } catch (IOException e) {
            report.problem(opener.account().address(), Why.of(e));
        }
    }
}
