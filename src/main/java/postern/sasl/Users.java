package postern.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    ///
    /// @param users by login, in lower case
    /// @param masters by name
    /// @param apps more passwords, by account
    /// @param certificates accounts by fingerprint
    record Snapshot(
            Map<String, User> users,
            Map<String, User> masters,
            Map<String, List<Credential>> apps,
            Map<String, String> certificates) {
        boolean isEmpty() {
            return users.isEmpty();
        }

        boolean hasMasters() {
            return !masters.isEmpty();
        }

        @Nullable
        User find(String login) {
            return users.get(UsersFile.fold(login));
        }

        /// Somebody whose passwords are checked in place of those of a login which does not exist: the same one
        /// for the same number.
        User decoy(long number) {
            List<User> all = List.copyOf(users.values());
            return all.get((int) Math.floorMod(number, (long) all.size()));
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
        return new Users(UserFiles.only(file), clock, log, secret);
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
        Path masters = files.masters();
        Path apps = files.apps();
        Path certificates = files.certificates();
        try {
            return new Snapshot(
                    load(files.users()),
                    masters == null ? Map.of() : load(masters),
                    apps == null ? Map.of() : AppPasswordsFile.parse(apps.toString(), lines(apps)),
                    certificates == null
                            ? Map.of()
                            : CertificatesFile.parse(certificates.toString(), lines(certificates)));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
    }

    private Map<String, User> load(Path file) {
        return UsersFile.parse(file.toString(), bytes(file), secret);
    }

    private static List<String> lines(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8).lines().toList();
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new ConfigException(file + ": larger than " + LARGEST_FILE + " bytes");
            }
            return Files.readAllBytes(file);
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
