package postern.mailauth;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.ConfigException;
import postern.log.MailLog;

/// Who signs for which author: opendkim's tables, rspamd's, or both, as they lie in the configuration. Where both
/// are in use both sign, as both milters would; one domain and selector signs once, in rspamd's form.
///
/// The files are looked at again, at most once a second, when somebody asks. What has become of them is taken
/// when it can be used; else the log says what is wrong, and what was there before goes on. Safe for use from
/// many threads.
public final class SigningTables {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Places places;
    private final InstantSource clock;
    private final MailLog log;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile State state;

    /// Where tables may be. It is no error when there are none.
    ///
    /// @param opendkim the directory with KeyTable and SigningTable; null when opendkim is not in use
    /// @param rspamd the file dkim_signing.conf; null when rspamd is not in use
    /// @param here turns paths of keys as the tables have them into those of this machine
    public record Places(@Nullable Path opendkim, @Nullable Path rspamd, UnaryOperator<String> here) {}

    private record Tables(
            @Nullable RspamdSigning rspamd, @Nullable OpendkimTables opendkim) {}

    /// @param files that it was read from; those that could not be used as well
    private record State(Tables tables, SourceFiles files, Instant looked) {}

    /// Reads the tables, and each key that they name.
    ///
    /// @throws ConfigException naming file and line: a key that lacks never leaves mail unsigned in silence
    public SigningTables(Places places, InstantSource clock, MailLog log) {
        this.places = places;
        this.clock = clock;
        this.log = log;
        SourceFiles files = new SourceFiles();
        this.state = new State(read(files), files, clock.instant());
    }

    private Tables read(SourceFiles files) {
        KeyFiles keyFiles = new KeyFiles(files, places.here());
        Path conf = places.rspamd();
        Path directory = places.opendkim();
        RspamdSigning rspamd = conf != null && files.exists(conf) ? RspamdSigning.of(conf, keyFiles) : null;
        OpendkimTables opendkim = directory != null && files.exists(directory.resolve("KeyTable"))
                ? OpendkimTables.of(directory, keyFiles)
                : null;
        if (rspamd != null) {
            rspamd.warnings().forEach(warning -> log.warning("dkim", warning));
        }
        return new Tables(rspamd, opendkim);
    }

    /// Whether there are tables at all.
    public boolean areThere() {
        Tables tables = current();
        return tables.rspamd() != null || tables.opendkim() != null;
    }

    /// Who signs for an author; nobody when mail from there is not signed.
    public List<SigningIdentity> identities(Address author) {
        Tables tables = current();
        List<SigningIdentity> all = new ArrayList<>(2);
        if (tables.rspamd() != null) {
            all.addAll(tables.rspamd().identities(author));
        }
        if (tables.opendkim() != null) {
            all.addAll(tables.opendkim().identities(author));
        }
        Map<String, SigningIdentity> once = new LinkedHashMap<>(2);
        all.forEach(identity -> once.putIfAbsent(identity.toString(), identity));
        return List.copyOf(once.values());
    }

    private Tables current() {
        State seen = state;
        Instant now = clock.instant();
        if (Duration.between(seen.looked(), now).compareTo(PAUSE) < 0 || !looking.compareAndSet(false, true)) {
            return seen.tables();
        }
        try {
            state = seen.files().haveChanged() ? again(seen, now) : new State(seen.tables(), seen.files(), now);
            return state.tables();
        } finally {
            looking.set(false);
        }
    }

    private State again(State before, Instant now) {
        SourceFiles files = new SourceFiles();
        try {
            Tables tables = read(files);
            log.info("dkim", "signing tables read again");
            return new State(tables, files, now);
        } catch (ConfigException e) {
            log.warning("dkim", e.getMessage() + "; signing goes on as before");
            return new State(before.tables(), files, now);
        }
    }
}
