package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.mailbox.MailboxName;
import postern.mailbox.transfer.Report.Count;

/// Takes one account over.
///
/// @param target null to only count
/// @param directory of the store
record AccountImport(@Nullable Target target, Path directory, ForeignAccount account, Report report) {
    /// The names under which subscriptions of an account have their journal: no mailbox can be called so.
    private static final String SUBSCRIPTIONS = "subscriptions of";

    /// @throws StoreFailure when the store can take no more
    /// @throws IOException when the account can be read no further
    void run() throws IOException {
        Set<MailboxName> names = new HashSet<>();
        for (ForeignMailbox mailbox : account.mailboxes(report)) {
            if (!names.add(mailbox.name())) {
                report.problem(
                        account.name() + " " + mailbox.name(),
                        "there is another mailbox whose name is the same here: this one is left out");
                continue;
            }
            report.add(Count.MAILBOXES, 1);
            mailbox(mailbox);
        }
        Scripts scripts = account.scripts(report);
        Path kept = Scripts.directory(directory, account.name());
        if (target == null) {
            report.add(Count.SCRIPTS, scripts.texts().size());
            return;
        }
        subscribe(target);
        report.add(Count.SCRIPTS, StoreFailure.unless(() -> scripts.save(kept)));
    }

    private void mailbox(ForeignMailbox mailbox) throws IOException {
        Journal journal = StoreFailure.unless(() -> Journal.load(
                directory,
                account.kind(),
                account.name().address(),
                mailbox.name().name()));
        try {
            ForeignMailbox.Index index = mailbox.index(report);
            if (target == null) {
                count(index, journal);
            } else {
                new MailboxImport(target, account.name(), mailbox, journal, report).run(index);
            }
        } catch (MailboxUnreadable e) {
            report.problem(account.name() + " " + mailbox.name(), Why.of(e));
        }
    }

    private void count(ForeignMailbox.Index index, Journal journal) {
        long there = index.messages().stream()
                .filter(message -> journal.row(message) != null)
                .count();
        report.add(Count.THERE, there);
        report.add(Count.TAKEN, index.messages().size() - there);
    }

    /// Only what is new over there since the last time: what the owner has ended here stays ended.
    private void subscribe(Target to) throws IOException {
        Journal journal = StoreFailure.unless(
                () -> Journal.load(directory, account.kind(), account.name().address(), SUBSCRIPTIONS));
        for (MailboxName name : account.subscriptions(report)) {
            if (!journal.has(name.name())) {
                to.subscribe(account.name(), name);
                journal.put(new Journal.Row(name.name(), 1, 0, postern.mailbox.Flags.NONE));
            }
        }
        journal.end(1);
    }
}
