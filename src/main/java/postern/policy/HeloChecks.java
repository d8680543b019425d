package postern.policy;

import java.util.List;
import postern.config.Parameter;

/// Restrictions on what the client calls itself. They say nothing before HELO.
final class HeloChecks {
    static final Parameter<Integer> INVALID_HOSTNAME_REJECT_CODE =
            Parameter.integer("invalid_hostname_reject_code", "501").doc("code of reject_invalid_helo_hostname");
    static final Parameter<Integer> NON_FQDN_REJECT_CODE =
            Parameter.integer("non_fqdn_reject_code", "504").doc("code of the reject_non_fqdn_… restrictions");
    static final Parameter<Integer> UNKNOWN_HOSTNAME_REJECT_CODE =
            Parameter.integer("unknown_hostname_reject_code", "450").doc("code of reject_unknown_helo_hostname");

    static final List<Parameter<?>> PARAMETERS =
            List.of(INVALID_HOSTNAME_REJECT_CODE, NON_FQDN_REJECT_CODE, UNKNOWN_HOSTNAME_REJECT_CODE);

    private HeloChecks() {}

    /// What a restriction has to say of a name that is no address literal.
    private interface OfName {
        Outcome ask(Check check, String helo);
    }

    static Restriction rejectInvalidHeloHostname(PolicyContext context) {
        int code = context.code(INVALID_HOSTNAME_REJECT_CODE);
        return ofHelo(
                context,
                (check, helo) -> HostNames.isValid(HostNames.withoutDot(helo))
                        ? Outcome.DUNNO
                        : check.reject(Subject.HELO, code, Statuses.SYNTAX, "Invalid name"));
    }

    static Restriction rejectNonFqdnHeloHostname(PolicyContext context) {
        int code = context.code(NON_FQDN_REJECT_CODE);
        return ofHelo(context, (check, helo) -> {
            String name = HostNames.withoutDot(helo);
            return HostNames.isName(name) && HostNames.isFullyQualified(name)
                    ? Outcome.DUNNO
                    : check.reject(Subject.HELO, code, Statuses.SYNTAX, "need fully-qualified hostname");
        });
    }

    static Restriction rejectUnknownHeloHostname(PolicyContext context) {
        int code = context.code(UNKNOWN_HOSTNAME_REJECT_CODE);
        TempfailAction tempfail = context.conf(TempfailAction.UNKNOWN_HELO_HOSTNAME_TEMPFAIL_ACTION);
        return ofHelo(context, (check, helo) -> switch (Existence.of(helo, context.resolver())) {
            case THERE, NULL_MX -> Outcome.DUNNO;
            case NOT_THERE -> check.reject(Subject.HELO, code, Statuses.POLICY, "Host not found");
            case UNKNOWN ->
                tempfail.apply(check, 450, Statuses.POLICY, check.text(Subject.HELO, helo, "Host not found"));
        });
    }

    /// All three judge an address literal by its grammar alone.
    private static Restriction ofHelo(PolicyContext context, OfName ofName) {
        int code = context.code(INVALID_HOSTNAME_REJECT_CODE);
        return check -> {
            String helo = check.request().helo();
            if (helo.isEmpty()) {
                return Outcome.DUNNO;
            }
            if (!helo.startsWith("[")) {
                return ofName.ask(check, helo);
            }
            return HostNames.isLiteral(helo)
                    ? Outcome.DUNNO
                    : check.reject(Subject.HELO, code, Statuses.SYNTAX, "invalid ip address");
        };
    }
}
