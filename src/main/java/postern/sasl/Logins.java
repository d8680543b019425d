package postern.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.log.MailLog;

/// Logins against [Users]: SCRAM-SHA-256 where someone has keys for it, PLAIN and LOGIN. Hashes are computed
/// on the pool; [LoginGuard] slows guessing. A login that does not exist costs what one that does costs.
public final class Logins implements Authenticator {
    /// The file `login|{SCHEME}hash`; without it nobody can log in.
    public static final Parameter<String> SASL_USERS = Parameter.text("postern_sasl_users", "")
            .doc("The file of those who may log in, one login|{SCHEME}hash per line; a change is taken up by itself.");

    /// The file of master users.
    public static final Parameter<String> SASL_MASTERS = Parameter.text("postern_sasl_masters", "")
            .doc("The file of master users, one name|{SCHEME}hash per line: who may log in as anybody, as"
                    + " login*name with the master's password.");

    public static final List<Parameter<?>> PARAMETERS = Stream.concat(
                    Stream.of(SASL_USERS, SASL_MASTERS), GuardRules.PARAMETERS.stream())
            .<Parameter<?>>map(parameter -> parameter)
            .toList();

    private final Users users;
    private final Guarded guarded;
    private final Executor pool;
    private final Elsewhere elsewhere;

    /// How guesses are counted.
    ///
    /// @param guard the one of the house
    public record Guarded(LoginGuard guard, GuardRules rules) {
        /// A guard for one service, that keeps nothing: for tests.
        public static Guarded alone(MainCf conf, InstantSource clock) {
            LoginGuard guard = new LoginGuard(clock, Bans.inMemory(clock), MailLog.none());
            return new Guarded(guard, GuardRules.of(conf, address -> false));
        }
    }

    /// @param pool platform threads for the hashes: [HashPool#open()]
    public Logins(Users users, Guarded guarded, Executor pool) {
        this(users, guarded, pool, Elsewhere.NOBODY);
    }

    private Logins(Users users, Guarded guarded, Executor pool, Elsewhere elsewhere) {
        this.users = users;
        this.guarded = guarded;
        this.pool = pool;
        this.elsewhere = elsewhere;
    }

    /// The same, and those who are known elsewhere.
    public Logins with(Elsewhere more) {
        return new Logins(users, guarded, pool, more);
    }

    @Override
    public List<String> mechanisms(Peer client) {
        Users.Snapshot now = users.now();
        List<String> offered = new ArrayList<>();
        for (Mechanism mechanism : Mechanism.values()) {
            if (mechanism.offered(now, elsewhere, client)) {
                offered.add(mechanism.label());
            }
        }
        return offered;
    }

    @Override
    public @Nullable Exchange begin(String name, Peer client) {
        Mechanism mechanism = Mechanism.byName(name);
        return mechanism == null || !mechanism.offered(users.now(), elsewhere, client)
                ? null
                : mechanism.begin(this, client);
    }

    /// What a client says that it is; null where nobody may act for another so.
    @Nullable
    Claim claim(String authzid, String authcid) {
        return Claim.of(authzid, authcid, users.now().hasMasters());
    }

    /// Checks a password: the end of PLAIN and LOGIN.
    Step check(Claim claim, String password, Peer client) {
        if (claim.login().isEmpty() || password.isEmpty()) {
            return malformed("empty login or password");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > PasswordScheme.LONGEST_PASSWORD) {
            return malformed("the password is longer than " + PasswordScheme.LONGEST_PASSWORD + " bytes");
        }
        String refusal = admit(claim, client);
        if (refusal != null) {
            return unchecked(refusal);
        }
        try {
            Optional<Login> proved = isElsewhere(claim) ? ask(claim, password) : compute(() -> prove(claim, password));
            return proved.isPresent() ? success(proved.get(), client, null) : failure(claim, password, client);
        } catch (RejectedExecutionException e) {
            return unchecked("too many logins at once");
        } catch (CompletionException e) {
            return unchecked("the password could not be checked: " + e.getCause());
        } catch (IOException e) {
            return unchecked("the directory could not be asked: " + e.getMessage());
        } finally {
            done(client);
        }
    }

    /// Checks a token: it must be for the login that is named, and that must be known here.
    Step check(BearerToken said, Peer client) {
        Claim unnamed = new Claim(said.login(), "");
        String refusal = admit(unnamed, client);
        if (refusal != null) {
            return unchecked(refusal);
        }
        try {
            TokenProvider tokens = elsewhere.tokens();
            String owner = tokens == null || said.token().isEmpty() ? "" : tokens.owner(said.token());
            Login login =
                    owner.isEmpty() || !(said.login().isEmpty() || said.login().equals(owner)) ? null : known(owner);
            return login == null ? failure(unnamed, said.token(), client) : success(login, client, null);
        } catch (IOException e) {
            return unchecked("it cannot be known whose the token is: " + e.getMessage());
        } finally {
            done(client);
        }
    }

    private @Nullable Login known(String name) throws IOException {
        User user = users.now().find(name);
        if (user != null) {
            return new Login(name, user.account(), "");
        }
        LoginDirectory directory = elsewhere.directory();
        LoginDirectory.Person person = directory == null ? null : directory.find(name);
        return person == null ? null : person.login();
    }

    /// On the pool: hashes take long.
    private <T> T compute(Supplier<T> sum) {
        return CompletableFuture.supplyAsync(sum, pool).join();
    }

    /// Who is in a file is not asked for elsewhere.
    private boolean isElsewhere(Claim claim) {
        return elsewhere.directory() != null && users.now().password(claim) == null;
    }

    private Optional<Login> ask(Claim claim, String password) throws IOException {
        LoginDirectory directory = elsewhere.directory();
        LoginDirectory.Person person =
                directory == null || !claim.master().isEmpty() ? null : directory.find(claim.login());
        if (person == null) {
            return Optional.empty();
        }
        String stored = person.stored();
        boolean matches = stored.isEmpty()
                ? person.isPassword(password)
                : compute(() -> PasswordScheme.parse(stored, users.secret().salt(claim.text()))
                        .matches(password.getBytes(StandardCharsets.UTF_8)));
        return matches ? Optional.of(person.login()) : Optional.empty();
    }

    private Optional<Login> prove(Claim claim, String password) {
        Users.Snapshot now = users.now();
        if (now.isEmpty()) {
            return Optional.empty();
        }
        User user = now.find(claim.login());
        StoredPassword stored = now.password(claim);
        StoredPassword asked = stored == null ? now.decoy(number(claim.text())) : stored;
        String prepared = SaslPrep.orSame(password);
        boolean matches = asked.matches(password.getBytes(StandardCharsets.UTF_8));
        if (!prepared.equals(password) && !prepared.isEmpty()) {
            matches |= asked.matches(prepared.getBytes(StandardCharsets.UTF_8));
        }
        return matches && stored != null && user != null ? Optional.of(claim.proved(user.account())) : Optional.empty();
    }

    /// The keys of a login for SCRAM; for one that has none, keys that look the same each time and that no
    /// proof fits (RFC 5802 §9).
    ScramKeys keys(Claim claim) {
        Users.Snapshot now = users.now();
        StoredPassword stored = now.find(claim.login()) == null ? null : now.password(claim);
        ScramKeys keys = stored == null ? null : stored.scramKeys();
        if (keys != null) {
            return keys;
        }
        int iterations = now.hasScramKeys() ? now.decoyIterations(number(claim.text())) : ScramKeys.ITERATIONS;
        return ScramKeys.unknown(iterations, users.secret().salt(claim.text()));
    }

    private long number(String text) {
        return users.secret().number("decoy", text);
    }

    @Nullable
    String admit(Claim claim, Peer client) {
        return guarded.guard.admit(guarded.rules, client.address(), claim.text());
    }

    void done(Peer client) {
        guarded.guard.done(client.address());
    }

    /// The end of an exchange that has proved its claim.
    Step proved(Claim claim, Peer client, byte @Nullable [] lastWord) {
        User user = users.now().find(claim.login());
        return user == null ? failure(claim, null, client) : success(claim.proved(user.account()), client, lastWord);
    }

    private Step success(Login login, Peer client, byte @Nullable [] lastWord) {
        guarded.guard.succeeded(client.address(), login.name());
        return new Step.Success(login, lastWord);
    }

    /// @param password null when it is not known
    Step failure(Claim claim, @Nullable String password, Peer client) {
        Duration delay = guarded.guard.failed(guarded.rules, client.address(), claim.text(), password);
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
