package postern.lookup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;

/// A file compiled into something, and compiled again when it has changed. Whoever asks looks at the file at
/// most once a second, by its time, size and inode; one looks, the others go on with what there is.
///
/// A new version is taken whole or not at all: only when it has not been written to for a second, and never
/// when it cannot be compiled; then the version before stays, with one warning. When the file is gone, the
/// last version serves for ten seconds more, because editors take files away for a moment; after that all
/// questions fail for now, until it is back. Nothing is ever "not found" because its file is missing.
final class Watched<T> implements Contents<T> {
    private static final long LOOK_EVERY_MILLIS = 1_000;
    private static final long GONE_AFTER_MILLIS = 10_000;

    /// Makes the contents out of the file's bytes.
    @FunctionalInterface
    interface Compiler<T> {
        /// @param warnings takes what is odd but no error
        /// @throws ConfigException naming file and line
        T compile(byte[] bytes, Consumer<String> warnings);
    }

    private record Stamp(long modified, long size, @Nullable Object inode) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
        }
    }

    private record Version<T>(T contents, Stamp stamp) {}

    private final Path file;
    private final TableContext context;
    private final Compiler<T> compiler;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile @Nullable Version<T> version;
    private volatile long nextLook;
    private @Nullable Stamp pending;
    private @Nullable Stamp refused;
    private long goneSince;

    private Watched(Path file, TableContext context, Compiler<T> compiler) {
        this.file = file;
        this.context = context;
        this.compiler = compiler;
        this.nextLook = context.clock().millis() + LOOK_EVERY_MILLIS;
    }

    /// @throws ConfigException when the file cannot be read or compiled
    static <T> Watched<T> open(Path file, TableContext context, Compiler<T> compiler) {
        Watched<T> watched = new Watched<>(file, context, compiler);
        try {
            Stamp stamp = Stamp.of(file);
            watched.version = new Version<>(watched.compile(), stamp);
        } catch (IOException e) {
            throw new ConfigException(unreadable(file, e), e);
        }
        return watched;
    }

    /// The same for a file that need not be there yet: until it is, all questions fail for now.
    static <T> Watched<T> openIfThere(Path file, TableContext context, Compiler<T> compiler) {
        return Files.exists(file) ? open(file, context, compiler) : new Watched<>(file, context, compiler);
    }

    @Override
    public @Nullable T now() {
        long now = context.clock().millis();
        // The second case: the clock was set back.
        boolean due = now >= nextLook || nextLook - now > LOOK_EVERY_MILLIS;
        if (due && looking.tryLock()) {
            try {
                nextLook = now + LOOK_EVERY_MILLIS;
                look(now);
            } finally {
                looking.unlock();
            }
        }
        Version<T> present = version;
        return present == null ? null : present.contents;
    }

    @Override
    public String problem() {
        return "open " + file + ": No such file or directory";
    }

    private void look(long now) {
        try {
            Stamp stamp = Stamp.of(file);
            goneSince = 0;
            Version<T> present = version;
            if (stamp.equals(refused) || (present != null && stamp.equals(present.stamp))) {
                return;
            }
            if (stamp.equals(pending) || stamp.modified + LOOK_EVERY_MILLIS <= now) {
                take(stamp);
            } else {
                pending = stamp;
            }
        } catch (IOException e) {
            gone(now, e);
        }
    }

    private void take(Stamp stamp) throws IOException {
        try {
            T contents = compile();
            if (Stamp.of(file).equals(stamp)) {
                version = new Version<>(contents, stamp);
            }
        } catch (ConfigException e) {
            refused = stamp;
            context.warn(e.getMessage() + " -- keeping the version before");
        }
    }

    private T compile() throws IOException {
        return compiler.compile(Files.readAllBytes(file), context::warn);
    }

    private void gone(long now, IOException e) {
        if (goneSince == 0) {
            goneSince = now;
            context.warn(unreadable(file, e));
        }
        if (now - goneSince >= GONE_AFTER_MILLIS) {
            version = null;
        }
    }

    private static String unreadable(Path file, IOException e) {
        return "open " + file + ": "
                + (e instanceof NoSuchFileException
                        ? "No such file or directory"
                        : e instanceof java.nio.file.AccessDeniedException ? "Permission denied" : e.getMessage());
    }
}
