package postern.mailbox.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import postern.mailbox.MailboxName;
import postern.mailbox.transfer.UidList.Entry;

/// A Maildir as Dovecot keeps it. It may be changed while it is read: files are found again by their names
/// without flags.
final class MaildirFolder implements ForeignMailbox {
    static final String KEYWORDS = "dovecot-keywords";

    /// By UID; then those that have none, as Dovecot will number them: by the time that their names begin with.
    private static final Comparator<ForeignMessage> ORDER = Comparator.comparingLong(
                    (ForeignMessage message) -> message.uid() == 0 ? Long.MAX_VALUE : message.uid())
            .thenComparingLong(message -> time(message.key()))
            .thenComparing(ForeignMessage::key);

    private final Path directory;
    private final MailboxName name;
    private final String where;
    private Map<String, Path> files = Map.of();

    /// @param where how reports call it
    MaildirFolder(Path directory, MailboxName name, String where) {
        this.directory = directory;
        this.name = name;
        this.where = where;
    }

    @Override
    public MailboxName name() {
        return name;
    }

    @Override
    public String specialUse() {
        return SpecialUse.of(name);
    }

    @Override
    public Index index(Report report) throws IOException {
        UidList list = uidList(report);
        List<String> keywords = keywords(report);
        files = list();
        List<ForeignMessage> messages = new ArrayList<>();
        Set<String> missing = new TreeSet<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            if (!add(file.getKey(), file.getValue(), new Letters(list, keywords, report), messages)) {
                missing.add(file.getKey());
            }
        }
        if (!missing.isEmpty()) {
            // they have other flags meanwhile, or are gone
            files = list();
            for (String key : missing) {
                add(key, files.get(key), new Letters(list, keywords, report), messages);
            }
        }
        messages.sort(ORDER);
        return new Index(list.validity(), list.next(), messages);
    }

    private static long time(String key) {
        int end = 0;
        while (end < Math.min(18, key.length()) && key.charAt(end) >= '0' && key.charAt(end) <= '9') {
            end++;
        }
        return end == 0 ? Long.MAX_VALUE : Long.parseLong(key.substring(0, end));
    }

    /// What is needed to understand a file's name.
    private record Letters(UidList uids, List<String> keywords, Report report) {}

    /// Returns false when the file is not there.
    private boolean add(String key, @Nullable Path file, Letters letters, List<ForeignMessage> messages) {
        if (file == null) {
            return false;
        }
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile()) {
                MaildirName parts = MaildirName.of(file.getFileName().toString());
                Entry entry = letters.uids.entries().getOrDefault(parts.base(), new Entry(0, ""));
                messages.add(new ForeignMessage(
                        key,
                        entry.uid(),
                        parts.flags(letters.keywords),
                        attributes.lastModifiedTime().toInstant(),
                        entry.popId()));
            } else {
                letters.report.problem(where, file.getFileName() + " is not a file: left out");
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            letters.report.problem(where, file.getFileName() + ": " + Why.of(e));
            return true;
        }
    }

    /// The files of the messages by key; one that is in `new` and in `cur` once.
    private Map<String, Path> list() throws MailboxUnreadable {
        Map<String, Path> found = new TreeMap<>();
        for (String part : List.of("new", "cur")) {
            try {
                for (Path file : Listing.of(directory.resolve(part))) {
                    if (!Listing.isHidden(file)) {
                        found.put(
                                Keys.of(MaildirName.of(file.getFileName().toString())
                                        .base()),
                                file);
                    }
                }
            } catch (NoSuchFileException e) {
                // then there is nothing in it
            } catch (IOException e) {
                throw new MailboxUnreadable(part + ": " + Why.of(e));
            }
        }
        return found;
    }

    private UidList uidList(Report report) throws MailboxUnreadable {
        List<String> lines = lines(UidList.FILE);
        if (lines == null) {
            return UidList.NONE;
        }
        UidList list = UidList.parse(lines, flaw -> report.problem(where, UidList.FILE + " " + flaw));
        if (list.isUsedUp()) {
            report.problem(where, UidList.FILE + " has used up its UIDs: its messages get new ones");
            return UidList.NONE;
        }
        return list;
    }

    private List<String> keywords(Report report) throws MailboxUnreadable {
        List<String> lines = lines(KEYWORDS);
        return lines == null
                ? List.of()
                : KeywordList.parse(lines, flaw -> report.problem(where, KEYWORDS + " " + flaw));
    }

    private @Nullable List<String> lines(String file) throws MailboxUnreadable {
        try {
            return TextLines.of(directory.resolve(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new MailboxUnreadable(file + ": " + Why.of(e));
        }
    }

    @Override
    public void read(List<ForeignMessage> messages, Reader reader) throws IOException {
        List<ForeignMessage> missing = new ArrayList<>();
        for (ForeignMessage message : messages) {
            if (!read(message, reader)) {
                missing.add(message);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        files = list();
        for (ForeignMessage message : missing) {
            if (!read(message, reader)) {
                reader.gone(message);
            }
        }
    }

    /// Returns false when the file is not there.
    private boolean read(ForeignMessage message, Reader reader) throws IOException {
        Path file = files.get(message.key());
        if (file == null) {
            return false;
        }
        InputStream text;
        try {
            text = Compression.open(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            reader.unreadable(message, Why.of(e));
            return true;
        }
        try (text) {
            reader.text(message, new CrlfStream(text));
        }
        return true;
    }
}
