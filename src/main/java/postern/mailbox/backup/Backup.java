package postern.mailbox.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import postern.config.ConfigFiles;
import postern.mailbox.backup.Inventory.Entry;
import postern.mailbox.backup.Inventory.Kind;
import postern.mailbox.body.Held;
import postern.mailbox.sql.Snapshot;

/// Makes one backup.
public final class Backup {
    private static final String PRIVATE = "rw-------";
    private static final long MEGABYTE = 1 << 20;

    /// Is told what has been done.
    public interface Telling {
        void line(String line) throws IOException;
    }

    private final Target target;
    private final Telling telling;
    private final int number;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private Backup(Target target, Telling telling) {
        this.target = target;
        this.telling = telling;
        Inventory last = target.last();
        this.number = last == null ? 1 : last.number() + 1;
    }

    /// Copies what is new, and returns when it lasts.
    ///
    /// @param along directories whose files go along, by the name of the set
    /// @return what could not be copied as it should be
    /// @throws IOException when nothing came of it; the backup before is as it was
    public static List<String> make(Snapshot snapshot, Map<String, Path> along, Path to, Telling telling)
            throws IOException {
        for (Path directory : along.values()) {
            if (to.startsWith(directory) || directory.startsWith(to)) {
                throw new IOException(to + " is no place for a backup of " + directory);
            }
        }
        try (Target target = Target.open(to)) {
            return new Backup(target, telling).run(snapshot, along);
        }
    }

    private List<String> run(Snapshot snapshot, Map<String, Path> along) throws IOException {
        Instant now = Instant.now();
        // before the rows: what they say of the mailboxes is true then
        for (Map.Entry<String, Path> set : along.entrySet()) {
            if (Files.isDirectory(set.getValue())) {
                files(set.getKey(), set.getValue());
            }
        }
        rows(snapshot);
        segments(snapshot);
        target.keep(new Inventory(number, now, snapshot.id(), List.copyOf(entries)));
        telling.line("backup " + number + (problems.isEmpty() ? " is whole" : " is made; what follows is amiss"));
        return problems;
    }

    private void rows(Snapshot snapshot) throws IOException {
        String stored = "store." + number + ".db";
        Path copy = target.file(stored);
        Files.deleteIfExists(copy);
        snapshot.rows(copy);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(PRIVATE));
        target.force(copy);
        Seal seal = Seal.of(copy);
        entries.add(new Entry(Kind.ROWS, seal, PRIVATE, stored, "store.db"));
        telling.line("rows of all mailboxes: " + size(seal.bytes()));
    }

    private void segments(Snapshot snapshot) throws IOException {
        Map<String, Entry> known = known(snapshot);
        int copied = 0;
        long bytes = 0;
        List<Held.Part> parts = snapshot.segments().parts();
        for (Held.Part part : parts) {
            String name = "texts/" + part.name();
            Entry before = known.get(name);
            if (part.isFull()
                    && before != null
                    && target.has(before)
                    && before.seal().bytes() == part.bytes()) {
                entries.add(before);
                continue;
            }
            Kind kind = part.isFull() ? Kind.SEGMENT : Kind.GROWING;
            String stored = "texts/" + number + "-" + part.name();
            Seal seal;
            try (InputStream in = new SegmentStream(snapshot.segments().open(part))) {
                seal = Seal.copy(in, part.bytes(), target.file(stored));
            }
            problems.addAll(snapshot.damaged(part));
            entries.add(new Entry(kind, seal, PRIVATE, stored, name));
            copied++;
            bytes += seal.bytes();
        }
        telling.line("texts: " + copied + " of " + parts.size() + " segments are new, " + size(bytes));
    }

    /// The segments that need no copying again.
    private Map<String, Entry> known(Snapshot snapshot) throws IOException {
        Inventory last = target.last();
        if (last == null) {
            return Map.of();
        }
        if (last.store().equals(snapshot.id())) {
            return last.segments();
        }
        telling.line("the last backup here is of another store, or of this one before a restore: all is copied anew");
        return Map.of();
    }

    private void files(String set, Path directory) throws IOException {
        int count = 0;
        for (Path file : regularFiles(directory)) {
            String name = set + "/" + directory.relativize(file);
            String stored = "files." + number + "/" + name;
            try (InputStream in = Files.newInputStream(file)) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                Seal seal = Seal.copy(in, Long.MAX_VALUE, target.file(stored));
                Files.setPosixFilePermissions(target.file(stored), PosixFilePermissions.fromString(PRIVATE));
                entries.add(new Entry(Kind.FILE, seal, mode, stored, name));
                count++;
            } catch (IOException e) {
                problems.add("not copied: " + ConfigFiles.why(file, e));
            }
        }
        telling.line(set + ": " + count + " files");
    }

    private static List<Path> regularFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String size(long bytes) {
        return bytes < 10 * MEGABYTE ? bytes + " bytes" : bytes / MEGABYTE + " MB";
    }
}
