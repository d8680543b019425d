package postern.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import postern.net.Fingerprint;
import postern.net.TlsFacts;

/// Logins against [Users]: PLAIN and LOGIN, SCRAM-SHA-256 where [Scram] says so, EXTERNAL with a known
/// certificate. Hashes are computed on the pool; [LoginGuard] slows guessing. A login that does not exist costs what
/// one that does costs.
public final class Logins implements Authenticator {
    /// The file `login|{SCHEME}hash`; without it nobody can log in.
    public static final Parameter<String> SASL_USERS = Parameter.text("postern_sasl_users", "")
            .doc("The file of those who may log in, one login|{SCHEME}hash per line; a change is taken up by itself.");

    /// The file of master users.
    public static final Parameter<String> SASL_MASTERS = Parameter.text("postern_sasl_masters", "")
            .doc("The file of master users, one name|{SCHEME}hash per line: who may log in as anybody, as"
                    + " login*name with the master's password.");

    public static final List<Parameter<?>> PARAMETERS = Stream.of(
                    List.of(SASL_USERS, SASL_MASTERS), UserFiles.PARAMETERS, Scram.PARAMETERS, GuardRules.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    /// How long a password may wait to be checked.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Users users;
    private final Proofs proofs;
    private final Guarded guarded;
    private final Executor pool;
    private final Elsewhere elsewhere;

    /// What guards the logins, and what was learned at them.
    ///
    /// @param guard the one of the house
    /// @param learned those of the house
    public record Guarded(LoginGuard guard, GuardRules rules, LearnedKeys learned, Scram scram) {
        /// As parameters say.
        public static Guarded of(MainCf conf, LoginGuard guard, GuardRules rules, LearnedKeys learned) {
            return new Guarded(guard, rules, learned, Scram.of(conf));
        }

        /// For one service, keeping nothing: for tests.
        public static Guarded alone(MainCf conf, InstantSource clock) {
            LoginGuard guard = new LoginGuard(clock, Bans.inMemory(clock), MailLog.none());
            return of(conf, guard, GuardRules.of(conf, address -> false, login -> false), LearnedKeys.inMemory());
        }
    }

    /// @param pool platform threads for the hashes: [HashPool#open()]
    public Logins(Users users, Guarded guarded, Executor pool) {
        this(users, guarded, pool, Elsewhere.NOBODY);
    }

    private Logins(Users users, Guarded guarded, Executor pool, Elsewhere elsewhere) {
        this.users = users;
        this.guarded = guarded;
        this.proofs = new Proofs(users, guarded.learned, guarded.scram);
        this.pool = pool;
        this.elsewhere = elsewhere;
    }

    /// The same, and those who are known elsewhere.
    public Logins with(Elsewhere more) {
        return new Logins(users, guarded, pool, more);
    }

    @Override
    public List<String> mechanisms(Peer client) {
        List<String> offered = new ArrayList<>();
        for (Mechanism mechanism : Mechanism.values()) {
            if (mechanism.offered(this, client)) {
                offered.add(mechanism.label());
            }
        }
        return offered;
    }

    @Override
    public @Nullable Exchange begin(String name, Peer client) {
        Mechanism mechanism = Mechanism.byName(name);
        return mechanism == null || !mechanism.offered(this, client) ? null : mechanism.begin(this, client);
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
            Optional<Login> proved = isElsewhere(claim)
                    ? ask(claim, password)
                    : compute(() -> prove(claim, password, client.tls() != null));
            return proved.isPresent() ? success(proved.get(), client, null) : failure(claim, password, client);
        } catch (RejectedExecutionException e) {
            return unchecked("too many logins at once");
        } catch (CompletionException e) {
            return unchecked(
                    e.getCause() instanceof RejectedExecutionException
                            ? "too many logins at once"
                            : "the password could not be checked: " + e.getCause());
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

    /// On the pool: hashes take long. What has waited too long there is not computed any more.
    private <T> T compute(Supplier<T> sum) {
        Instant begun = guarded.guard.now();
        Supplier<T> inTime = () -> {
            if (guarded.guard.now().isAfter(begun.plus(PATIENCE))) {
                throw new RejectedExecutionException("overdue");
            }
            return sum.get();
        };
        return CompletableFuture.supplyAsync(inTime, pool).join();
    }

    /// Who is in a file is not asked for elsewhere.
    private boolean isElsewhere(Claim claim) {
        return elsewhere.directory() != null && proofs.of(claim).isEmpty();
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

    private Optional<Login> prove(Claim claim, String password, boolean isSecret) {
        if (users.now().isEmpty()) {
            return Optional.empty();
        }
        List<Credential> own = proofs.of(claim);
        Optional<Credential> shown = (own.isEmpty() ? proofs.decoy(number(claim.text())) : own)
                .stream()
                        .filter(credential -> matches(credential.password(), password))
                        .findFirst();
        User user = users.now().find(claim.login());
        if (own.isEmpty() || shown.isEmpty() || user == null) {
            return Optional.empty();
        }
        if (isSecret) {
            proofs.learn(claim, shown.get(), password);
        }
        return Optional.of(claim.proved(user.account(), shown.get().by()));
    }

    private static boolean matches(StoredPassword stored, String password) {
        String prepared = SaslPrep.orSame(password);
        boolean matches = stored.matches(password.getBytes(StandardCharsets.UTF_8));
        if (!prepared.equals(password) && !prepared.isEmpty()) {
            matches |= stored.matches(prepared.getBytes(StandardCharsets.UTF_8));
        }
        return matches;
    }

    /// What SCRAM can be done with; for one that has no keys, some that look the same each time and that no proof
    /// fits (RFC 5802 §9).
    Proofs.ScramOffer scram(Claim claim) {
        Proofs.ScramOffer offer = proofs.scram(claim);
        return offer == null
                ? new Proofs.ScramOffer(
                        ScramKeys.unknown(ScramKeys.ITERATIONS, users.secret().salt(claim.text())), List.of())
                : offer;
    }

    boolean offersScram() {
        return elsewhere.directory() == null && proofs.offersScram();
    }

    /// A token is worth a password to whoever sees it: never in clear (RFC 7628 §4).
    boolean takesTokens(Peer client) {
        return elsewhere.tokens() != null && client.tls() != null;
    }

    boolean takesPasswords() {
        return !users.now().isEmpty() || elsewhere.directory() != null;
    }

    /// The account of a client's certificate; null when it has none that is known.
    @Nullable
    String certified(Peer client) {
        Map<String, String> certificates = users.now().certificates();
        TlsFacts tls = client.tls();
        return certificates.isEmpty() || tls == null || tls.peerCertificates().isEmpty()
                ? null
                : certificates.get(CertificatesFile.plain(
                        Fingerprint.ofCertificate(tls.peerCertificates().getFirst(), "sha256")));
    }

    /// The end of EXTERNAL.
    ///
    /// @param authzid whom to be; empty for the certificate's account
    Step external(String authzid, Peer client) {
        String account = certified(client);
        Claim claim = new Claim(authzid.isEmpty() && account != null ? account : UsersFile.fold(authzid), "");
        String refusal = admit(claim, client);
        if (refusal != null) {
            return unchecked(refusal);
        }
        try {
            User user = users.now().find(claim.login());
            return account == null || user == null || !user.account().equals(account)
                    ? failure(claim, null, client)
                    : success(claim.proved(account, "certificate"), client, null);
        } finally {
            done(client);
        }
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
    ///
    /// @param by which password that was
    Step proved(Claim claim, String by, Peer client, byte @Nullable [] lastWord) {
        User user = users.now().find(claim.login());
        return user == null
                ? failure(claim, null, client)
                : success(claim.proved(user.account(), by), client, lastWord);
    }

    private Step success(Login login, Peer client, byte @Nullable [] lastWord) {
        guarded.guard.succeeded(guarded.rules, client.address(), login.name());
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
