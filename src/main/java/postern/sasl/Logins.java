package postern.sasl;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;

/// Logins against [Users]: SCRAM-SHA-256 where someone has keys for it, PLAIN and LOGIN. Hashes are computed
/// on the pool; [LoginGuard] slows guessing. A login that does not exist costs what one that does costs.
public final class Logins implements Authenticator {
    /// The file `login|{SCHEME}hash`; without it nobody can log in.
    public static final Parameter<String> SASL_USERS = Parameter.text("postern_sasl_users", "")
            .doc("The file of those who may log in, one login|{SCHEME}hash per line; a change is taken up by itself.");

    static final Parameter<Integer> FAILURE_LIMIT = Parameter.integer("postern_login_failure_limit", "10")
            .doc("After so many wrong guesses an address is not listened to for postern_login_ban_time.");
    static final Parameter<Duration> BAN_TIME = Parameter.time("postern_login_ban_time", "600s")
            .doc("How long an address that guessed too often is not listened to; also when guesses are forgotten.");

    public static final List<Parameter<?>> PARAMETERS = List.of(SASL_USERS, FAILURE_LIMIT, BAN_TIME);

    private final Users users;
    private final LoginGuard guard;
    private final Executor pool;

    /// @param pool platform threads for the hashes: [HashPool#open()]
    public Logins(Users users, MainCf conf, InstantSource clock, Executor pool) {
        this.users = users;
        this.guard = new LoginGuard(clock, users.secret(), conf.get(FAILURE_LIMIT), conf.get(BAN_TIME));
        this.pool = pool;
    }

    @Override
    public List<String> mechanisms() {
        Users.Snapshot now = users.now();
        List<String> offered = new ArrayList<>();
        for (Mechanism mechanism : Mechanism.values()) {
            if (mechanism.offered(now)) {
                offered.add(mechanism.label());
            }
        }
        return offered;
    }

    @Override
    public @Nullable Exchange begin(String name, @Nullable InetAddress client) {
        Mechanism mechanism = Mechanism.byName(name);
        return mechanism == null || !mechanism.offered(users.now()) ? null : mechanism.begin(this, client);
    }

    /// Checks a password: the end of PLAIN and LOGIN.
    Step check(String login, String password, @Nullable InetAddress client) {
        if (login.isEmpty() || password.isEmpty()) {
            return malformed("empty login or password");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > PasswordScheme.LONGEST_PASSWORD) {
            return malformed("the password is longer than " + PasswordScheme.LONGEST_PASSWORD + " bytes");
        }
        String refusal = guard.admit(client, UsersFile.fold(login));
        if (refusal != null) {
            return unchecked(refusal);
        }
        try {
            boolean right = CompletableFuture.supplyAsync(() -> matches(login, password), pool)
                    .join();
            return right ? success(login, client, null) : failure(login, password, client);
        } catch (RejectedExecutionException e) {
            return unchecked("too many logins at once");
        } catch (CompletionException e) {
            return unchecked("the password could not be checked: " + e.getCause());
        } finally {
            guard.done(client);
        }
    }

    private boolean matches(String login, String password) {
        Users.Snapshot now = users.now();
        if (now.isEmpty()) {
            return false;
        }
        StoredPassword stored = now.find(login);
        StoredPassword asked = stored == null ? now.decoy(number(login)) : stored;
        String prepared = SaslPrep.orSame(password);
        boolean matches = asked.matches(password.getBytes(StandardCharsets.UTF_8));
        if (!prepared.equals(password) && !prepared.isEmpty()) {
            matches |= asked.matches(prepared.getBytes(StandardCharsets.UTF_8));
        }
        return matches && stored != null;
    }

    /// The keys of a login for SCRAM; for one that has none, keys that look the same each time and that no
    /// proof fits (RFC 5802 §9).
    ScramKeys keys(String login) {
        Users.Snapshot now = users.now();
        StoredPassword stored = now.find(login);
        ScramKeys keys = stored == null ? null : stored.scramKeys();
        if (keys != null) {
            return keys;
        }
        int iterations = now.hasScramKeys() ? now.decoyIterations(number(login)) : ScramKeys.ITERATIONS;
        return ScramKeys.unknown(iterations, users.secret().salt(UsersFile.fold(login)));
    }

    private long number(String login) {
        return users.secret().number("decoy", UsersFile.fold(login));
    }

    @Nullable
    String admit(String login, @Nullable InetAddress client) {
        return guard.admit(client, UsersFile.fold(login));
    }

    void done(@Nullable InetAddress client) {
        guard.done(client);
    }

    Step success(String login, @Nullable InetAddress client, byte @Nullable [] lastWord) {
        String folded = UsersFile.fold(login);
        guard.succeeded(client, folded);
        return new Step.Success(folded, lastWord);
    }

    /// @param password null when it is not known
    Step failure(String login, @Nullable String password, @Nullable InetAddress client) {
        Duration delay = guard.failed(client, UsersFile.fold(login), password);
        return new Step.Failure("authentication failure", false, false, delay);
    }

    static Step malformed(String reason) {
        return new Step.Failure(reason, false, true, Duration.ZERO);
    }

    /// Not checked, so not known to be wrong: the client may come again.
    static Step unchecked(String reason) {
        return new Step.Failure(reason, true, false, Duration.ofSeconds(1));
    }
}
