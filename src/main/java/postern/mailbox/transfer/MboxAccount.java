package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxName;

/// An account in mbox files: one for each mailbox.
///
/// @param files by mailbox
public record MboxAccount(AccountName name, Map<MailboxName, Path> files, ZoneId zone)
        implements ForeignAccount, Import.Opener {
    private static final String SUFFIX = ".mbox";

    /// One file.
    ///
    /// @param mailbox null for that of its name
    /// @throws IllegalArgumentException when no mailbox can have its name
    public static MboxAccount of(
            AccountName name, Path file, @org.jspecify.annotations.Nullable MailboxName mailbox, ZoneId zone) {
        return new MboxAccount(name, Map.of(mailbox == null ? mailboxName(file.getFileName()) : mailbox, file), zone);
    }

    /// All files of a directory and those below it: `Archive/2024` is `Archive.2024`.
    public static MboxAccount in(AccountName name, Path directory, ZoneId zone, Report report) throws IOException {
        Map<MailboxName, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted().toList()) {
                Path relative = directory.relativize(file);
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || isNone(relative)) {
                    continue;
                }
                try {
                    if (files.putIfAbsent(mailboxName(relative), file) != null) {
                        report.problem(file.toString(), "another file has the same name here: left out");
                    }
                } catch (IllegalArgumentException e) {
                    report.problem(file.toString(), "left out: " + e.getMessage());
                }
            }
        }
        return new MboxAccount(name, files, zone);
    }

    /// Indexes, locks and the like.
    private static boolean isNone(Path relative) {
        for (Path part : relative) {
            if (Listing.isHidden(part)) {
                return true;
            }
        }
        return relative.toString().endsWith(".lock");
    }

    private static MailboxName mailboxName(Path file) {
        String name = file.toString().replace('/', MailboxName.SEPARATOR);
        String bare = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        String decoded = ModifiedUtf7.decode(bare);
        return bare.equals("mbox") ? MailboxName.INBOX : new MailboxName(decoded == null ? bare : decoded);
    }

    @Override
    public AccountName account() {
        return name;
    }

    @Override
    public ForeignAccount open() {
        return this;
    }

    @Override
    public String kind() {
        return "mbox";
    }

    @Override
    public List<ForeignMailbox> mailboxes(Report report) {
        return files.entrySet().stream()
                .<ForeignMailbox>map(file -> new MboxFile(file.getValue(), file.getKey(), zone))
                .toList();
    }

    @Override
    public Set<MailboxName> subscriptions(Report report) {
        return Set.of();
    }

    @Override
    public Scripts scripts(Report report) {
        return Scripts.NONE;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
