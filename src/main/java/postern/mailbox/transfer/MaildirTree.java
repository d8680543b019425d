package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import postern.mailbox.AccountName;

/// docker-mailserver's `/var/mail`: a Maildir++ for each account in `DOMAIN/USER`.
public final class MaildirTree {
    /// In the same directory, and not theirs: our own store.
    private static final Set<String> OURS = Set.of("postern", "lost+found");

    /// An account's directory.
    ///
    /// @param isMaildir whether it holds a Maildir, and not another format
    public record Found(AccountName account, Path directory, boolean isMaildir) implements Import.Opener {
        @Override
        public ForeignAccount open() {
            return new MaildirAccount(account, directory);
        }
    }

    private MaildirTree() {}

    /// The accounts of a tree. Directories that cannot be accounts are reported.
    ///
    /// @throws IOException when the tree cannot be read
    public static List<Found> accounts(Path tree, Report report) throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path domain : Listing.directories(tree)) {
            if (Listing.isHidden(domain) || OURS.contains(domain.getFileName().toString())) {
                continue;
            }
            try {
                for (Path user : Listing.directories(domain)) {
                    if (!Listing.isHidden(user)) {
                        add(domain, user, found, report);
                    }
                }
            } catch (IOException e) {
                report.problem(domain.toString(), Why.of(e));
            }
        }
        return found;
    }

    private static void add(Path domain, Path user, List<Found> found, Report report) {
        String address = user.getFileName() + "@" + domain.getFileName();
        boolean isMaildir = isMaildir(user);
        if (!isMaildir && !isDbox(user)) {
            return;
        }
        try {
            found.add(new Found(new AccountName(address), user, isMaildir));
        } catch (IllegalArgumentException e) {
            report.problem(user.toString(), "holds mail, and " + e.getMessage());
        }
    }

    /// Whether a directory is a Maildir.
    public static boolean isMaildir(Path directory) {
        return Files.isDirectory(directory.resolve("cur")) || Files.isDirectory(directory.resolve("new"));
    }

    /// Dovecot's own formats: sdbox has `mailboxes`, mdbox `storage` too.
    private static boolean isDbox(Path directory) {
        return Files.isDirectory(directory.resolve("mailboxes"));
    }

    /// How many messages a Maildir++ holds, by its files; what cannot be read is told when it is taken over.
    public static long messages(Path account) {
        long messages = count(account);
        try {
            for (Path folder : Listing.directories(account)) {
                messages += Listing.isHidden(folder) ? count(folder) : 0;
            }
        } catch (IOException e) {
            return messages;
        }
        return messages;
    }

    private static long count(Path maildir) {
        long messages = 0;
        for (String part : List.of("new", "cur")) {
            try {
                messages += Listing.of(maildir.resolve(part)).stream()
                        .filter(file -> !Listing.isHidden(file))
                        .count();
            } catch (IOException e) {
                continue;
            }
        }
        return messages;
    }
}
