package postern.policy;

import java.util.List;
import postern.address.Domain;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.smtp.EnhancedStatus;

/// Restrictions on the client's address and names.
final class ClientChecks {
    static final Parameter<List<String>> MYNETWORKS =
            Parameter.list("mynetworks", "127.0.0.0/8 [::1]/128").doc("the networks of those who may relay");
    static final Parameter<Integer> UNKNOWN_CLIENT_REJECT_CODE =
            Parameter.integer("unknown_client_reject_code", "450").doc("code of reject_unknown_client_hostname");

    static final List<Parameter<?>> PARAMETERS = List.of(MYNETWORKS, UNKNOWN_CLIENT_REJECT_CODE);

    private ClientChecks() {}

    static Restriction permitMynetworks(PolicyContext context) {
        HostList mynetworks = new HostList(MYNETWORKS, context.tables());
        return check -> permit(
                check,
                mynetworks.match(check.request().clientName(), check.request().clientAddress()));
    }

    static Restriction permitInetInterfaces(PolicyContext context) {
        return check -> {
            String address = Subject.address(check.request());
            String literal = address.indexOf(':') < 0 ? "[" + address + "]" : "[IPv6:" + address + "]";
            return permit(check, context.routes().local().isLocal(new Domain(literal)));
        };
    }

    private static Outcome permit(Check check, Lookup listed) {
        return switch (listed) {
            case Lookup.Found found -> Outcome.PERMIT;
            case Lookup.NotFound() -> Outcome.DUNNO;
            case Lookup.TempFail fail -> check.lookupFailed(Subject.address(check.request()));
        };
    }

    static Restriction rejectUnknownClientHostname(PolicyContext context) {
        int code = context.code(UNKNOWN_CLIENT_REJECT_CODE);
        return check -> isUnknown(check.request().clientName())
                ? refuse(check, code, Statuses.NO_NAME, "Client host rejected: cannot find your hostname, [")
                : Outcome.DUNNO;
    }

    static Restriction rejectUnknownReverseClientHostname(PolicyContext context) {
        int code = context.code(UNKNOWN_CLIENT_REJECT_CODE);
        return check -> isUnknown(check.request().reverseClientName())
                ? refuse(check, code, Statuses.POLICY, "Client host rejected: cannot find your reverse hostname, [")
                : Outcome.DUNNO;
    }

    private static Outcome refuse(Check check, int code, EnhancedStatus status, String text) {
        PolicyRequest request = check.request();
        return check.refuse(request.clientNameTempFail() ? 450 : code, status, text + Subject.address(request) + "]");
    }

    static boolean isUnknown(String name) {
        return name.equalsIgnoreCase("unknown");
    }
}
