package postern.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;

/// How one policy server is spoken to: the `smtpd_policy_service_…` parameters, and what `{ server,
/// name=value … }` sets otherwise.
///
/// @param server `inet:host:port` or `unix:path`
record PolicySettings(String server, Map<String, String> options, MainCf conf) {
    private static final String PREFIX = "smtpd_policy_service_";
    static final Parameter<Duration> TIMEOUT = Parameter.time(PREFIX + "timeout", "100s")
            .doc("how long a policy server may take to connect, to read, to answer");
    static final Parameter<Duration> MAX_IDLE =
            Parameter.time(PREFIX + "max_idle", "300s").doc("when an unused connection to a policy server is given up");
    static final Parameter<Duration> MAX_TTL =
            Parameter.time(PREFIX + "max_ttl", "1000s").doc("when a used connection to a policy server is given up");
    static final Parameter<Integer> REQUEST_LIMIT = Parameter.integer(PREFIX + "request_limit", "0")
            .doc("requests over one connection to a policy server; 0: no limit");
    static final Parameter<Integer> TRY_LIMIT =
            Parameter.integer(PREFIX + "try_limit", "2").doc("how often a request to a policy server is tried");
    static final Parameter<Duration> RETRY_DELAY =
            Parameter.time(PREFIX + "retry_delay", "1s").doc("how long to wait between those");
    static final Parameter<String> DEFAULT_ACTION = Parameter.text(
                    PREFIX + "default_action", "451 4.3.5 Server configuration problem")
            .doc("what is done when a policy server does not answer");
    static final Parameter<String> POLICY_CONTEXT =
            Parameter.text(PREFIX + "policy_context", "").doc("sent to policy servers as policy_context");

    static final List<Parameter<?>> PARAMETERS =
            List.of(TIMEOUT, MAX_IDLE, MAX_TTL, REQUEST_LIMIT, TRY_LIMIT, RETRY_DELAY, DEFAULT_ACTION, POLICY_CONTEXT);

    private static final Set<String> OPTIONS = Set.of(
            "timeout",
            "max_idle",
            "max_ttl",
            "request_limit",
            "try_limit",
            "retry_delay",
            "default_action",
            "policy_context");

    /// Reads the argument of `check_policy_service`.
    ///
    /// @throws IllegalArgumentException with what would be right
    static PolicySettings parse(String argument, MainCf conf) {
        List<String> members =
                argument.startsWith("{") ? Parameter.list("list", "").parse(bare(argument)) : List.of(argument);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("check_policy_service { server, name=value … } names no server");
        }
        Map<String, String> options = new TreeMap<>();
        for (String member : members.subList(1, members.size())) {
            String option = bare(member);
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals).strip();
            if (equals < 0 || !OPTIONS.contains(name)) {
                throw new IllegalArgumentException(
                        "check_policy_service: \"" + option + "\" is not name=value with one of the names "
                                + String.join(", ", OPTIONS.stream().sorted().toList()));
            }
            options.put(name, option.substring(equals + 1).strip());
        }
        PolicySettings settings = new PolicySettings(bare(members.getFirst()), options, conf);
        settings.check();
        return settings;
    }

    private static String bare(String text) {
        return text.startsWith("{") && text.endsWith("}")
                ? text.substring(1, text.length() - 1).strip()
                : text;
    }

    private void check() {
        PARAMETERS.forEach(this::get);
        PolicyConnections.endpointText(server);
    }

    /// The value here: the option, else the parameter.
    <T> T get(Parameter<T> parameter) {
        String option = option(parameter);
        return option == null ? conf.get(parameter) : parameter.parse(option);
    }

    private @Nullable String option(Parameter<?> parameter) {
        return options.get(parameter.name().substring(PREFIX.length()));
    }
}
