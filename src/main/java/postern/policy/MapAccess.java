package postern.policy;

import java.util.List;
import postern.address.Address;
import postern.address.Path;
import postern.config.Parameter;
import postern.lookup.AccessLookup;
import postern.lookup.Lookup;

/// `check_…_access type:table`: looks a subject up in a table of access(5).
final class MapAccess {
    static final Parameter<String> SMTPD_NULL_ACCESS_LOOKUP_KEY =
            Parameter.text("smtpd_null_access_lookup_key", "<>").doc("what the null sender is called in access tables");

    static final List<Parameter<?>> PARAMETERS = List.of(SMTPD_NULL_ACCESS_LOOKUP_KEY);

    /// How a subject is looked up.
    private interface Question {
        /// Null when the subject is not known yet.
        Lookup ask(AccessLookup table, PolicyRequest request);
    }

    private MapAccess() {}

    static Restriction check(Subject subject, String spec, PolicyContext context, AccessActions actions) {
        AccessLookup table = context.access(spec);
        Question question = question(subject, context.conf(SMTPD_NULL_ACCESS_LOOKUP_KEY));
        return check -> {
            PolicyRequest request = check.request();
            return switch (question.ask(table, request)) {
                case Lookup.NotFound() -> Outcome.DUNNO;
                case Lookup.Found(String value) -> {
                    String name = subject.name(request);
                    yield actions.apply(
                            check, new AccessActions.Found(table.table().name(), name, subject, name), value);
                }
                case Lookup.TempFail fail -> {
                    context.warn(table.table().name() + " lookup error for \"" + subject.name(request) + "\"");
                    yield check.reject(subject, 451, Statuses.CONFIGURATION, "Server configuration error");
                }
            };
        };
    }

    private static Question question(Subject subject, String nullKey) {
        return switch (subject) {
            case CLIENT -> (table, request) -> table.client(request.clientName(), Subject.address(request));
            case REVERSE_CLIENT -> (table, request) -> table.domain(request.reverseClientName());
            case HELO, ETRN -> (table, request) -> whenThere(request.helo(), table::domain);
            case SENDER -> (table, request) -> sender(table, request, nullKey);
            case RECIPIENT -> MapAccess::recipient;
            case LOGIN -> (table, request) -> whenThere(request.login(), table.table()::find);
            case DATA, END_OF_DATA, CERTIFICATE ->
                throw new IllegalArgumentException(subject + " is not looked up in a table");
        };
    }

    private static Lookup whenThere(String key, java.util.function.Function<String, Lookup> find) {
        return key.isEmpty() ? Lookup.NOT_FOUND : find.apply(key);
    }

    private static Lookup sender(AccessLookup table, PolicyRequest request, String nullKey) {
        Path sender = request.sender();
        if (sender == null) {
            return Lookup.NOT_FOUND;
        }
        Address address = sender.address();
        return address == null ? table.table().find(nullKey) : table.address(address);
    }

    private static Lookup recipient(AccessLookup table, PolicyRequest request) {
        Address recipient = request.recipient();
        return recipient == null ? Lookup.NOT_FOUND : table.address(recipient);
    }
}
