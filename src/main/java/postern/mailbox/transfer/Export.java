package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxStore;
import postern.mailbox.transfer.Report.Count;

/// Writes accounts for other programs, each into `DOMAIN/USER` of a directory. An account appears there when it
/// is whole; one that is there already is left alone.
public final class Export {
    /// Who writes an account in some format.
    interface Format {
        /// @param directory new and empty
        void write(AccountName account, Path directory) throws IOException;
    }

    private static final String UNFINISHED = ".postern-export-";

    private final Format format;
    private final Report report;

    private Export(Format format, Report report) {
        this.format = format;
        this.report = report;
    }

    /// As Dovecot has it.
    ///
    /// @param directory of the store, where Sieve scripts are
    public static Export maildir(MailboxStore store, Path directory, Report report) {
        return new Export(new MaildirExport(store, directory, report)::write, report);
    }

    /// As mbox files.
    ///
    /// @param zone of the times in them
    public static Export mbox(MailboxStore store, ZoneId zone, Report report) {
        return new Export(new MboxExport(store, zone, report)::write, report);
    }

    /// What could not be written is reported, and the rest goes on.
    ///
    /// @throws IOException when nothing can be written there
    public void run(List<AccountName> accounts, Path to) throws IOException {
        for (AccountName account : accounts) {
            Path domain = Files.createDirectories(to.resolve(account.domain()));
            Path place = domain.resolve(account.localPart());
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                report.problem(account.address(), place + " is there already: left out");
                continue;
            }
            report.add(Count.ACCOUNTS, 1);
            Path unfinished = domain.resolve(UNFINISHED + account.localPart());
            removeAll(unfinished);
            format.write(account, Files.createDirectory(unfinished));
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
        }
        report.say(report.summary("written"));
    }

    /// What an export left that was ended half-way.
    private static void removeAll(Path directory) throws IOException {
        if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(each);
            }
        }
    }
}
