package postern.policy;

import java.util.List;
import postern.address.Address;
import postern.config.Parameter;
import postern.lookup.Lookup;

/// Whether a recipient is ours to take mail for from anyone.
final class RelayAccess {
    static final Parameter<Integer> RELAY_DOMAINS_REJECT_CODE = Parameter.integer("relay_domains_reject_code", "554")
            .doc("code of reject_unauth_destination; that of defer_unauth_destination is lower by 100");

    static final List<Parameter<?>> PARAMETERS = List.of(RELAY_DOMAINS_REJECT_CODE);

    private RelayAccess() {}

    static Restriction permitAuthDestination(PolicyContext context) {
        return check -> {
            Address recipient = check.request().recipient();
            if (recipient == null) {
                return Outcome.DUNNO;
            }
            return switch (context.routes().isAuthorizedDestination(recipient)) {
                case Lookup.Found found -> Outcome.PERMIT;
                case Lookup.NotFound() -> Outcome.DUNNO;
                case Lookup.TempFail fail -> failed(check, context, recipient, fail);
            };
        };
    }

    static Restriction rejectUnauthDestination(PolicyContext context) {
        return refuse(context, context.code(RELAY_DOMAINS_REJECT_CODE));
    }

    static Restriction deferUnauthDestination(PolicyContext context) {
        return refuse(context, context.code(RELAY_DOMAINS_REJECT_CODE) - 100);
    }

    private static Restriction refuse(PolicyContext context, int code) {
        return check -> {
            Address recipient = check.request().recipient();
            if (recipient == null) {
                return Outcome.DUNNO;
            }
            return switch (context.routes().isAuthorizedDestination(recipient)) {
                case Lookup.Found found -> Outcome.DUNNO;
                case Lookup.NotFound() ->
                    check.refuse(code, Statuses.POLICY, "<" + recipient.internal() + ">: Relay access denied");
                case Lookup.TempFail fail -> failed(check, context, recipient, fail);
            };
        };
    }

    private static Outcome failed(Check check, PolicyContext context, Address recipient, Lookup.TempFail fail) {
        context.warn(fail.reason());
        return check.lookupFailed(recipient.internal());
    }

    /// Whether the recipient is ours for certain: where an allow list may count.
    static boolean isAuthorized(PolicyContext context, Address recipient) {
        return context.routes().isAuthorizedDestination(recipient) instanceof Lookup.Found;
    }
}
