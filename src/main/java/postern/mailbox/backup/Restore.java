package postern.mailbox.backup;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigFiles;
import postern.config.SafeFile;
import postern.log.MailLog;
import postern.mailbox.backup.Inventory.Entry;
import postern.mailbox.backup.Inventory.Kind;
import postern.mailbox.sql.Returned;
import postern.mailbox.sql.SqliteStore;

/// Brings back what a backup has. Nothing is touched before all of it has been proved, nothing that is there is
/// written over unless that was said, and the mailboxes appear whole or not at all.
public final class Restore {
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path from;
    private final Inventory inventory;

    private Restore(Path from, Inventory inventory) {
        this.from = from;
        this.inventory = inventory;
    }

    /// Where things go.
    ///
    /// @param store the directory of the mailboxes, and of the files that go along in it
    /// @param set the name of the files that go elsewhere
    /// @param files where they go
    /// @param replaces whether what is there gives way: mailboxes are put aside, files are written over
    public record Places(Path store, String set, Path files, boolean replaces) {}

    /// What is in the way, or damaged: each a line.
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(List<String> reasons) {
            super(String.join("\n", reasons));
        }
    }

    /// Proves a backup.
    ///
    /// @throws Refused when it is damaged, or none
    public static Restore of(Path from) throws IOException {
        Inventory inventory;
        try {
            inventory = Inventory.read(from);
        } catch (IOException e) {
            throw new Refused(List.of(ConfigFiles.why(e)));
        }
        if (inventory == null) {
            throw new Refused(List.of(
                    Files.exists(from.resolve(Target.UNFINISHED))
                            ? from + ": this backup has not come to its end: it is not whole"
                            : from + ": there is no backup here: " + Inventory.NAME + " is missing"));
        }
        Restore restore = new Restore(from, inventory);
        restore.prove();
        return restore;
    }

    /// What the backup is, in a line.
    public String summary() {
        long bytes = inventory.entries().stream()
                .mapToLong(entry -> entry.seal().bytes())
                .sum();
        return "the backup of " + inventory.made() + " is sound: "
                + inventory.entries().size() + " files, " + bytes + " bytes";
    }

    private void prove() throws IOException {
        List<String> damaged = new ArrayList<>();
        for (Entry entry : inventory.entries()) {
            Path file = from.resolve(entry.stored());
            try {
                if (Files.size(file) != entry.seal().bytes() || !Seal.of(file).equals(entry.seal())) {
                    damaged.add(file + " is damaged: it is not as it was written");
                }
            } catch (IOException e) {
                damaged.add(ConfigFiles.why(file, e));
            }
        }
        if (!damaged.isEmpty()) {
            throw new Refused(damaged);
        }
    }

    /// Puts everything in its place.
    ///
    /// @param clock names what is put aside
    /// @throws Refused when something is in the way; nothing has changed
    public void run(Places places, InstantSource clock, Backup.Telling telling) throws IOException {
        try (Closeable lock = Files.exists(places.store()) ? Returned.keepOut(places.store()) : () -> {}) {
            refuseWhatIsInTheWay(places);
            bring(places, clock, telling);
        }
    }

    private void bring(Places places, InstantSource clock, Backup.Telling telling) throws IOException {
        Path made = places.store().resolveSibling(places.store().getFileName() + ".restoring");
        remove(made);
        for (Entry entry : inventory.entries()) {
            if (file(entry, places) == null) {
                Files.createDirectories(parent(made.resolve(entry.name())), OWNERS);
                copy(entry, made.resolve(entry.name()));
            }
        }
        Returned.goOn(made);
        prove(made);
        giveAway(made, owner(places));
        try (Stream<Path> files = Files.walk(made)) {
            for (Path directory : files.filter(Files::isDirectory).toList()) {
                SafeFile.forceDirectory(directory);
            }
        }
        @Nullable Path aside = putAside(places.store(), clock);
        Files.move(made, places.store(), StandardCopyOption.ATOMIC_MOVE);
        SafeFile.forceDirectory(parent(places.store()));
        telling.line("mailboxes: " + places.store() + (aside == null ? "" : "; those that were there: " + aside));
        telling.line(places.set() + ": " + files(places) + " files in " + places.files());
    }

    private void refuseWhatIsInTheWay(Places places) throws IOException {
        List<String> inTheWay = new ArrayList<>();
        if (Files.exists(places.store()) && !places.replaces()) {
            inTheWay.add("there are mailboxes in " + places.store() + ": --replace puts them aside");
        }
        for (Entry entry : inventory.entries()) {
            Path file = file(entry, places);
            if (!places.replaces()
                    && file != null
                    && Files.exists(file)
                    && !Seal.of(file).equals(entry.seal())) {
                inTheWay.add(file + " is there, and another one: --replace writes over it");
            }
        }
        if (!inTheWay.isEmpty()) {
            throw new Refused(inTheWay);
        }
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /// Where a file goes that does not lie with the mailboxes; null for the others.
    private static @Nullable Path file(Entry entry, Places places) {
        String start = places.set() + "/";
        return entry.kind() == Kind.FILE && entry.name().startsWith(start)
                ? places.files().resolve(entry.name().substring(start.length()))
                : null;
    }

    private void copy(Entry entry, Path to) throws IOException {
        try (InputStream in = Files.newInputStream(from.resolve(entry.stored()))) {
            if (!Seal.copy(in, Long.MAX_VALUE, to).equals(entry.seal())) {
                throw new IOException(from.resolve(entry.stored()) + " has changed meanwhile");
            }
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(entry.mode()));
    }

    private static void prove(Path store) throws IOException {
        List<String> wrong;
        try (SqliteStore opened = SqliteStore.open(store, InstantSource.system(), MailLog.none())) {
            wrong = opened.check();
        }
        if (!wrong.isEmpty()) {
            remove(store);
            throw new Refused(wrong);
        }
    }

    private static @Nullable Path putAside(Path store, InstantSource clock) throws IOException {
        if (Files.notExists(store)) {
            return null;
        }
        String name = store.getFileName() + ".before-" + clock.instant().getEpochSecond();
        return Files.move(store, store.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private int files(Places places) throws IOException {
        int count = 0;
        for (Entry entry : inventory.entries()) {
            Path file = file(entry, places);
            if (file != null) {
                Files.createDirectories(parent(file));
                SafeFile.replace(file, Files.readAllBytes(from.resolve(entry.stored())));
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(entry.mode()));
                giveAway(file, Files.getOwner(places.files()));
                count++;
            }
        }
        return count;
    }

    /// Whom the server runs as: the owner of the mailboxes that were there, else of the files that go along.
    private static UserPrincipal owner(Places places) throws IOException {
        return Files.getOwner(Files.exists(places.store()) ? places.store() : places.files());
    }

    private static void giveAway(Path path, UserPrincipal owner) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.toList()) {
                if (!Files.getOwner(file).equals(owner)) {
                    Files.setOwner(file, owner);
                }
            }
        } catch (FileSystemException e) {
            // only root may give files away; they are their maker's then
        }
    }

    private static void remove(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
