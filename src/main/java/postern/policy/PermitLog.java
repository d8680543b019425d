package postern.policy;

import java.util.List;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.MatchList;

/// Tells of permissions, which otherwise leave no trace in the log.
final class PermitLog {
    static final Parameter<List<String>> SMTPD_LOG_ACCESS_PERMIT_ACTIONS = Parameter.list(
                    "smtpd_log_access_permit_actions", "")
            .doc("permissions that are logged: OK, permit_mynetworks …; static:all for all");

    static final List<Parameter<?>> PARAMETERS = List.of(SMTPD_LOG_ACCESS_PERMIT_ACTIONS);

    private final MatchList actions;
    private final boolean wanted;

    PermitLog(PolicyContext context) {
        actions = context.tables().names(SMTPD_LOG_ACCESS_PERMIT_ACTIONS);
        wanted = !context.conf(SMTPD_LOG_ACCESS_PERMIT_ACTIONS).isEmpty();
    }

    /// A restriction that tells when it permits.
    ///
    /// @param name `permit_mynetworks` and its kin; others are left as they are
    Restriction around(String name, Restriction restriction) {
        if (!wanted || !name.startsWith("permit")) {
            return restriction;
        }
        return check -> {
            Outcome outcome = restriction.ask(check);
            if (outcome == Outcome.PERMIT) {
                Subject about = switch (name) {
                    case "permit" -> check.subject();
                    case "permit_auth_destination", "permit_mx_backup" -> Subject.RECIPIENT;
                    default -> Subject.CLIENT;
                };
                tell(check, name, about.label() + "=" + about.name(check.request()) + " ");
            }
            return outcome;
        };
    }

    /// A table, or a policy server, has permitted. Returns PERMIT.
    ///
    /// @param action as the table has it: `OK`
    Outcome permit(Check check, AccessActions.Found found, String action) {
        if (wanted) {
            tell(check, action, found.subject().label() + "=" + found.name() + " from " + found.table());
        }
        return Outcome.PERMIT;
    }

    private void tell(Check check, String action, String what) {
        if (actions.match(action) instanceof Lookup.Found) {
            check.log("permit", "action=" + action + " for " + what);
        }
    }
}
