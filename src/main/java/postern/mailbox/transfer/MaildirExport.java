package postern.mailbox.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import postern.mailbox.AccountName;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.transfer.Report.Count;

/// Writes an account as a Maildir++ that Dovecot serves with the same UIDs. Texts keep their bytes, CR LF at the
/// ends of lines included: Dovecot sends them as they are.
///
/// @param directory of the store
record MaildirExport(MailboxStore store, Path directory, Report report) {
    void write(AccountName account, Path to) throws IOException {
        Set<String> folders = new HashSet<>();
        Set<MailboxName> subscribed = new TreeSet<>();
        for (Mailbox mailbox : store.mailboxes(account)) {
            String folder = mailbox.name().isInbox() ? "" : "." + folder(mailbox.name());
            if (!folders.add(folder)) {
                report.problem(account + " " + mailbox.name(), "another mailbox is called so over there: left out");
                continue;
            }
            report.add(Count.MAILBOXES, 1);
            write(mailbox, folder.isEmpty() ? to : Files.createDirectory(to.resolve(folder)));
            if (mailbox.subscribed()) {
                subscribed.add(mailbox.name());
            }
        }
        if (!subscribed.isEmpty()) {
            Files.writeString(to.resolve(Subscriptions.FILE), Subscriptions.format(subscribed));
        }
        scripts(account, to);
    }

    /// A slash cannot be in the name of a directory.
    private String folder(MailboxName name) {
        String encoded = ModifiedUtf7.encode(name.name());
        if (encoded.indexOf('/') >= 0) {
            report.say(name + " is written as " + encoded.replace('/', '_'));
        }
        return encoded.replace('/', '_');
    }

    private void write(Mailbox mailbox, Path to) throws IOException {
        Files.createDirectory(to.resolve("new"));
        Files.createDirectory(to.resolve("tmp"));
        Path cur = Files.createDirectory(to.resolve("cur"));
        if (!mailbox.name().isInbox()) {
            Files.createFile(to.resolve("maildirfolder"));
        }
        KeywordLetters letters = new KeywordLetters();
        StringBuilder uids = new StringBuilder();
        uids.append("3 V")
                .append(mailbox.validity())
                .append(" N")
                .append(mailbox.next())
                .append('\n');
        for (MessageRef message : store.messages(mailbox, Uid.FIRST, Uid.LAST)) {
            write(mailbox, message, cur, letters, uids);
        }
        Files.writeString(to.resolve(UidList.FILE), uids);
        if (!letters.lines().isEmpty()) {
            Files.writeString(to.resolve(MaildirFolder.KEYWORDS), letters.lines());
        }
        letters.lost()
                .forEach((keyword, count) -> report.problem(
                        mailbox.owner() + " " + mailbox.name(),
                        count + " messages lose the keyword " + keyword + ": names of files have letters for 26"));
    }

    private void write(Mailbox mailbox, MessageRef message, Path cur, KeywordLetters letters, StringBuilder uids)
            throws IOException {
        Path unnamed = cur.resolve(".unfinished");
        long served;
        try (InputStream text = store.open(message, 0);
                OutputStream file = Files.newOutputStream(unnamed)) {
            served = copy(text, file);
        } catch (IOException e) {
            Files.deleteIfExists(unnamed);
            report.problem(mailbox.owner() + " " + mailbox.name(), "UID " + message.uid() + ": " + Why.of(e));
            return;
        }
        long arrival = message.arrival().getEpochSecond();
        String base = String.format(
                "%d.M%06dP%d.postern,S=%d,W=%d",
                Math.max(0, arrival), message.uid().value(), mailbox.id(), Files.size(unnamed), served);
        Path named = cur.resolve(base + ":2," + letters.of(message.flags()));
        Files.setPosixFilePermissions(unnamed, PosixFilePermissions.fromString("rw-------"));
        Files.setLastModifiedTime(unnamed, FileTime.from(message.arrival()));
        Files.move(unnamed, named);
        uids.append(message.uid()).append(' ');
        if (message.popId().chars().allMatch(c -> c > ' ' && c < 127)
                && !message.popId().isEmpty()) {
            uids.append('P').append(message.popId()).append(' ');
        }
        uids.append(':').append(base).append('\n');
        report.add(Count.TAKEN, 1);
        report.add(Count.BYTES, served);
    }

    /// @return bytes as a client will see them, with CR LF at the end of each line
    private static long copy(InputStream text, OutputStream file) throws IOException {
        byte[] piece = new byte[32 << 10];
        long served = 0;
        byte before = 0;
        for (int count = text.read(piece); count >= 0; count = text.read(piece)) {
            file.write(piece, 0, count);
            served += count;
            for (int i = 0; i < count; i++) {
                if (piece[i] == '\n' && before != '\r') {
                    served++;
                }
                before = piece[i];
            }
        }
        return served;
    }

    private void scripts(AccountName account, Path to) throws IOException {
        Scripts scripts = Scripts.load(Scripts.directory(directory, account));
        if (scripts.texts().isEmpty()) {
            return;
        }
        Path home = Files.createDirectory(to.resolve("home"));
        Path sieve = Files.createDirectory(home.resolve("sieve"));
        scripts.save(sieve);
        Files.deleteIfExists(sieve.resolve("active"));
        if (!scripts.active().isEmpty()) {
            Files.createSymbolicLink(home.resolve(".dovecot.sieve"), Path.of("sieve", scripts.active() + ".sieve"));
        }
        report.add(Count.SCRIPTS, scripts.texts().size());
    }
}
