package postern.sasl;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What those who may log in can show: the passwords of [Users], with the keys for SCRAM that belong to them or were
/// learned.
final class Proofs {
    /// How a master user's name differs from a login.
    private static final String MASTER = "*";

    private final Users users;
    private final LearnedKeys learned;
    private final Scram scram;
    private volatile @Nullable Offered last;

    /// Whether SCRAM is offered, and what that was found for.
    private record Offered(Users.Snapshot snapshot, long version, boolean isOffered) {}

    /// What SCRAM can be done with for one login.
    ///
    /// @param shown whose salt and iterations the client is told
    /// @param candidates all that a proof may fit
    record ScramOffer(ScramKeys shown, List<Credential> candidates) {}

    Proofs(Users users, LearnedKeys learned, Scram scram) {
        this.users = users;
        this.learned = learned;
        this.scram = scram;
    }

    /// All that a claim can be proved with; the account's own password first. None for one who does not exist.
    List<Credential> of(Claim claim) {
        Users.Snapshot now = users.now();
        User user = now.find(claim.login());
        if (user == null) {
            return List.of();
        }
        if (claim.master().isEmpty()) {
            return of(now, claim.login(), user);
        }
        User master = now.masters().get(claim.master());
        return master == null ? List.of() : List.of(own(MASTER + claim.master(), master));
    }

    private List<Credential> of(Users.Snapshot now, String login, User user) {
        List<Credential> all = new ArrayList<>();
        all.add(own(name(now, login, user), user));
        all.addAll(now.apps().getOrDefault(user.account(), List.of()));
        return all;
    }

    /// Another name of an account shares what was learned, as long as it shares its password.
    private static String name(Users.Snapshot now, String login, User user) {
        User account = now.find(user.account());
        return account != null && account.seal().equals(user.seal()) ? user.account() : login;
    }

    private Credential own(String name, User user) {
        ScramKeys keys = user.password().scramKeys();
        return new Credential(user.password(), keys == null ? learned.find(name, user.seal()) : keys, "");
    }

    /// Passwords to check in place of those of a login which does not exist.
    List<Credential> decoy(long number) {
        Users.Snapshot now = users.now();
        User user = now.decoy(number);
        return of(now, user.account(), user);
    }

    /// Whether it is of use to offer SCRAM.
    boolean offersScram() {
        Users.Snapshot now = users.now();
        long version = learned.version();
        Offered known = last;
        if (known == null || known.snapshot != now || known.version != version) {
            known = new Offered(now, version, isOffered(now));
            last = known;
        }
        return known.isOffered;
    }

    private boolean isOffered(Users.Snapshot now) {
        return switch (scram.offer()) {
            case NO -> false;
            case YES ->
                now.users().entrySet().stream()
                        .flatMap(each -> of(now, each.getKey(), each.getValue()).stream())
                        .anyMatch(credential -> credential.keys() != null);
            case AUTO -> !now.isEmpty() && allHaveKeys(now);
        };
    }

    private boolean allHaveKeys(Users.Snapshot now) {
        return now.users().entrySet().stream().allMatch(each -> haveLikeKeys(of(now, each.getKey(), each.getValue())))
                && now.masters().entrySet().stream()
                        .map(each -> own(MASTER + each.getKey(), each.getValue()))
                        .allMatch(credential -> credential.keys() != null);
    }

    private static boolean haveLikeKeys(List<Credential> all) {
        ScramKeys first = all.getFirst().keys();
        return first != null && all.stream().allMatch(credential -> isLike(credential, first));
    }

    private static boolean isLike(Credential credential, ScramKeys keys) {
        ScramKeys own = credential.keys();
        return own != null && own.isLike(keys);
    }

    /// Null for one who has no keys.
    @Nullable
    ScramOffer scram(Claim claim) {
        List<Credential> all = of(claim);
        ScramKeys shown = all.stream()
                .map(Credential::keys)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return shown == null
                ? null
                : new ScramOffer(
                        shown,
                        all.stream()
                                .filter(credential -> isLike(credential, shown))
                                .toList());
    }

    /// Makes the keys that a password lacks which has just proved to be right. Takes milliseconds of CPU.
    ///
    /// @param shown the credential that it belongs to
    void learn(Claim claim, Credential shown, String password) {
        Users.Snapshot now = users.now();
        boolean isMaster = !claim.master().isEmpty();
        User user = isMaster ? now.masters().get(claim.master()) : now.find(claim.login());
        boolean isOwn = user != null && shown.password() == user.password();
        if (!scram.learns() || user == null || !isOwn || user.password().scramKeys() != null) {
            return;
        }
        ScramKeys like = isMaster ? null : keysOfApps(now, user);
        if (shown.keys() == null || (like != null && !isLike(shown, like))) {
            String name = isMaster ? MASTER + claim.master() : name(now, claim.login(), user);
            learned.learn(name, user.seal(), password, like == null ? null : like.salt());
        }
    }

    private static @Nullable ScramKeys keysOfApps(Users.Snapshot now, User user) {
        return now.apps().getOrDefault(user.account(), List.of()).stream()
                .map(Credential::keys)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
