package postern.sasl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.ConfigFiles;
import postern.config.MainCf;
import postern.log.MailLog;

/// Who may log in: the files of [UserFiles]. A changed file is taken up by itself, whole or not at all: once all
/// have stayed the same for a second; with an error in one the old users remain and the log says why.
public final class Users {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final long LARGEST_FILE = 16 << 20;

    private final UserFiles files;
    private final InstantSource clock;
    private final MailLog log;
    private final ProcessSecret secret;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Snapshot snapshot;
    private volatile Instant nextLook;
    /// What the files looked like when they were last read, and at the last look.
    private List<Stamp> read;

    private List<Stamp> seen;

    private record Stamp(
            @Nullable FileTime modified,
            long size,
            @Nullable Object key) {}

    /// The users at one moment.
    static final class Snapshot {
        private final Map<String, User> users;
        private final Map<String, User> masters;
        private final List<StoredPassword> passwords;
        private final List<ScramKeys> keys;

        Snapshot(Map<String, User> users, Map<String, User> masters) {
            this.users = users;
            this.masters = masters;
            this.passwords = users.values().stream().map(User::password).toList();
            this.keys = passwords.stream()
                    .map(StoredPassword::scramKeys)
                    .filter(Objects::nonNull)
                    .toList();
        }

        boolean isEmpty() {
            return users.isEmpty();
        }

        boolean hasScramKeys() {
            return !keys.isEmpty();
        }

        boolean hasMasters() {
            return !masters.isEmpty();
        }

        @Nullable
        User find(String login) {
            return users.get(UsersFile.fold(login));
        }

        /// What proves a claim; null when that is nobody's.
        @Nullable
        StoredPassword password(Claim claim) {
            User whose = claim.master().isEmpty() ? users.get(claim.login()) : masters.get(claim.master());
            return whose == null ? null : whose.password();
        }

        /// A password to check in place of that of a login which does not exist: the same one for the same
        /// number.
        StoredPassword decoy(long number) {
            return passwords.get((int) Math.floorMod(number, (long) passwords.size()));
        }

        /// How many iterations to show for a login that has no keys.
        int decoyIterations(long number) {
            return keys.get((int) Math.floorMod(number, (long) keys.size())).iterations();
        }
    }

    private Users(UserFiles files, InstantSource clock, MailLog log, ProcessSecret secret) {
        this.files = files;
        this.clock = clock;
        this.log = log;
        this.secret = secret;
        this.read = stamps();
        this.seen = read;
        this.snapshot = load();
        this.nextLook = clock.instant().plus(LOOK_EVERY);
        warnOfReaders();
    }

    /// Reads the files that parameters name.
    ///
    /// @param guard the one of the house: what it has is the same for each login over a reload
    ///
    /// @throws ConfigException when it cannot be read or understood: file, line, what would be right
    public static Users open(MainCf conf, LoginGuard guard, InstantSource clock, MailLog log) {
        return new Users(UserFiles.of(conf), clock, log, guard.secret());
    }

    /// Reads one file of users, without master users.
    public static Users open(Path file, InstantSource clock, MailLog log) {
        return open(file, clock, log, ProcessSecret.fresh());
    }

    static Users open(Path file, InstantSource clock, MailLog log, ProcessSecret secret) {
        return new Users(new UserFiles(file, null), clock, log, secret);
    }

    ProcessSecret secret() {
        return secret;
    }

    /// The users now. Looks at the files at most once a second; who comes while another looks gets what was.
    Snapshot now() {
        if (!clock.instant().isBefore(nextLook) && looking.tryLock()) {
            try {
                look();
            } finally {
                looking.unlock();
            }
        }
        return snapshot;
    }

    private void look() {
        nextLook = clock.instant().plus(LOOK_EVERY);
        List<Stamp> now = stamps();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(read)) {
            return;
        }
        read = now;
        try {
            snapshot = load();
            warnOfReaders();
        } catch (ConfigException e) {
            log.warning("postern", "the users from before stay: " + e.getMessage());
        }
    }

    private Snapshot load() {
        Map<String, User> masters = files.masters() == null ? Map.of() : load(files.masters());
        return new Snapshot(load(files.users()), masters);
    }

    private Map<String, User> load(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new ConfigException(file + ": larger than " + LARGEST_FILE + " bytes");
            }
            return UsersFile.parse(file.toString(), Files.readAllBytes(file), secret);
        } catch (IOException e) {
            throw new ConfigException("cannot read " + ConfigFiles.why(file, e), e);
        }
    }

    private List<Stamp> stamps() {
        return files.all().stream().map(Users::stamp).toList();
    }

    private static Stamp stamp(Path file) {
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(facts.lastModifiedTime(), facts.size(), facts.fileKey());
        } catch (IOException e) {
            return new Stamp(null, -1, null);
        }
    }

    private void warnOfReaders() {
        files.all().forEach(this::warnOfReaders);
    }

    private void warnOfReaders(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                log.warning("postern", file + " can be read by everyone on this machine: chmod 640 " + file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // A file system without such permissions has nothing to warn of.
        }
    }
}
