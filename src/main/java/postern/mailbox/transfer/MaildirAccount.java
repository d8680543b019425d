package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxName;

/// An account in a Maildir++: INBOX is the directory itself, other mailboxes are `.Level.Level` in it. What Sieve
/// scripts there are lies in `home`, where docker-mailserver has it, or beside the mail.
///
/// @param directory a Maildir
record MaildirAccount(AccountName name, Path directory) implements ForeignAccount {
    static final String KIND = "maildir";

    private static final String ACTIVE = ".dovecot.sieve";
    private static final String SIEVE = ".sieve";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<ForeignMailbox> mailboxes(Report report) throws IOException {
        Map<MailboxName, Path> found = new TreeMap<>();
        found.put(MailboxName.INBOX, directory);
        for (Path folder : Listing.directories(directory)) {
            if (Listing.isHidden(folder) && MaildirTree.isMaildir(folder)) {
                add(folder, found, report);
            }
        }
        List<ForeignMailbox> mailboxes = new ArrayList<>();
        found.forEach((mailbox, folder) -> mailboxes.add(new MaildirFolder(folder, mailbox, name + " " + mailbox)));
        return mailboxes;
    }

    private void add(Path folder, Map<MailboxName, Path> found, Report report) {
        MailboxName mailbox = mailboxName(folder.getFileName().toString().substring(1), report);
        Path other = mailbox == null ? null : found.putIfAbsent(mailbox, folder);
        if (other != null) {
            report.problem(folder.toString(), "has the name of " + other + ": left out");
        }
    }

    private @Nullable MailboxName mailboxName(String stored, Report report) {
        String decoded = ModifiedUtf7.decode(stored);
        try {
            MailboxName mailbox = new MailboxName(decoded == null ? stored : decoded);
            if (decoded == null && stored.chars().allMatch(c -> c < 128)) {
                report.say(name + " " + mailbox + ": its name is not modified UTF-7, and stays as it is");
            }
            return mailbox;
        } catch (IllegalArgumentException e) {
            report.problem(name.address(), "." + stored + " is left out: " + e.getMessage());
            return null;
        }
    }

    @Override
    public Set<MailboxName> subscriptions(Report report) throws IOException {
        try {
            return Subscriptions.parse(
                    TextLines.of(directory.resolve(Subscriptions.FILE)),
                    flaw -> report.problem(name.address(), Subscriptions.FILE + " " + flaw));
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (IOException e) {
            report.problem(name.address(), Subscriptions.FILE + ": " + Why.of(e));
            return Set.of();
        }
    }

    @Override
    public Scripts scripts(Report report) {
        Path home = directory.resolve("home");
        Path place = Files.exists(home.resolve(ACTIVE), LinkOption.NOFOLLOW_LINKS)
                        || Files.isDirectory(home.resolve("sieve"))
                ? home
                : directory;
        Map<String, byte[]> texts = new TreeMap<>();
        String active = "";
        try {
            if (Files.isDirectory(place.resolve("sieve"))) {
                texts.putAll(Scripts.load(place.resolve("sieve")).texts());
            }
            Path link = place.resolve(ACTIVE);
            if (Files.isSymbolicLink(link)) {
                String target = Files.readSymbolicLink(link).getFileName().toString();
                active = target.endsWith(SIEVE) ? target.substring(0, target.length() - SIEVE.length()) : target;
            } else if (Files.isRegularFile(link)) {
                active = "dovecot";
                texts.put(active, Files.readAllBytes(link));
            }
        } catch (IOException e) {
            report.problem(name.address(), "Sieve scripts: " + Why.of(e));
        }
        return new Scripts(texts, texts.containsKey(active) ? active : "");
    }

    @Override
    public void close() {
        // holds nothing
    }
}
