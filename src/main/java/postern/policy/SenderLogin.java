package postern.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Lookup;
import postern.rewrite.Routes;

/// `smtpd_sender_login_maps`: which logins own a sender address.
final class SenderLogin {
    static final Parameter<List<String>> SMTPD_SENDER_LOGIN_MAPS =
            Parameter.list("smtpd_sender_login_maps", "").doc("tables of the logins that own a sender address");

    static final List<Parameter<?>> PARAMETERS = List.of(SMTPD_SENDER_LOGIN_MAPS);

    private final AddressLookup owners;
    private final PolicyContext context;

    SenderLogin(PolicyContext context) {
        this.context = context;
        this.owners = new AddressLookup(
                context.tables().open(SMTPD_SENDER_LOGIN_MAPS),
                context.conf(Routes.RECIPIENT_DELIMITER),
                domain -> context.routes().local().isLocalOrOrigin(domain));
    }

    /// Who owns an address: Found with the logins, between commas or spaces.
    Lookup owners(Address sender) {
        return owners.find(sender);
    }

    static boolean names(String owners, String login) {
        int from = 0;
        for (int i = 0; i <= owners.length(); i++) {
            if (i == owners.length() || owners.charAt(i) == ',' || Character.isWhitespace(owners.charAt(i))) {
                if (i - from == login.length() && owners.regionMatches(true, from, login, 0, login.length())) {
                    return true;
                }
                from = i + 1;
            }
        }
        return false;
    }

    /// Whether the client's login is among the owners, or the account that it is another name of.
    static boolean namesClient(String owners, PolicyRequest request) {
        return names(owners, request.login()) || names(owners, request.account());
    }

    /// `reject_sender_login_mismatch`
    Outcome mismatch(Check check) {
        return check.request().login().isEmpty() ? unauthenticated(check) : authenticated(check, false);
    }

    /// `reject_known_sender_login_mismatch`: says nothing of senders that no one owns.
    Outcome known(Check check) {
        return check.request().login().isEmpty() ? unauthenticated(check) : authenticated(check, true);
    }

    /// `reject_authenticated_sender_login_mismatch`
    Outcome authenticated(Check check) {
        return check.request().login().isEmpty() ? Outcome.DUNNO : authenticated(check, false);
    }

    /// `reject_unauthenticated_sender_login_mismatch`
    Outcome unauthenticated(Check check) {
        Address sender = AddressChecks.address(Subject.SENDER, check.request());
        if (sender == null || !check.request().login().isEmpty()) {
            return Outcome.DUNNO;
        }
        return switch (owners.find(sender)) {
            case Lookup.Found found -> check.reject(Subject.SENDER, 553, Statuses.POLICY, "not logged in");
            case Lookup.NotFound() -> Outcome.DUNNO;
            case Lookup.TempFail(String reason) -> failed(check, sender, reason);
        };
    }

    private Outcome authenticated(Check check, boolean allowUnknown) {
        Address sender = AddressChecks.address(Subject.SENDER, check.request());
        if (sender == null) {
            return Outcome.DUNNO;
        }
        return switch (owners.find(sender)) {
            case Lookup.Found(String logins) ->
                namesClient(logins, check.request()) ? Outcome.DUNNO : notOwned(check, null);
            case Lookup.NotFound() -> allowUnknown ? Outcome.DUNNO : notOwned(check, null);
            case Lookup.TempFail(String reason) -> failed(check, sender, reason);
        };
    }

    /// @param whose in place of the login
    static Outcome notOwned(Check check, @Nullable String whose) {
        return check.reject(
                Subject.SENDER,
                553,
                Statuses.POLICY,
                "not owned by " + (whose == null ? "user " + check.request().login() : whose));
    }

    Outcome failed(Check check, Address sender, String reason) {
        context.warn(SMTPD_SENDER_LOGIN_MAPS + ": " + reason);
        return check.lookupFailed(sender.internal());
    }
}
