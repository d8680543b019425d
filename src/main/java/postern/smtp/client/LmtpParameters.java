package postern.smtp.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.sasl.ClientMechanisms;
import postern.sasl.ClientPasswords;
import postern.tlspolicy.ClientContexts;
import postern.tlspolicy.TlsPolicyMaps;

/// The `lmtp_` twins of the `smtp_` parameters. The code reads the `smtp_` names only; an LMTP client reads a
/// configuration in which they have the values of their twins.
public final class LmtpParameters {
    /// Where a twin's name or default is another.
    private static final Map<String, String> NAMES = Map.of(
            "smtp_helo_name", "lmtp_lhlo_name",
            "smtp_helo_timeout", "lmtp_lhlo_timeout",
            "smtp_discard_ehlo_keywords", "lmtp_discard_lhlo_keywords");
    private static final Map<String, String> DEFAULTS = Map.of(
            "smtp_tcp_port", "24",
            "smtp_connect_timeout", "0s",
            "smtp_fallback_relay", "",
            "smtp_tls_secure_cert_match", "nexthop",
            "smtp_skip_quit_response", "no");
    private static final Set<String> WITHOUT_TWIN =
            Set.of("smtp_always_send_ehlo", "smtp_never_send_ehlo", "smtp_tls_enforce_peername");

    /// Each `smtp_` parameter with its twin.
    private static final Map<Parameter<?>, Parameter<?>> TWINS = new HashMap<>();

    /// The `lmtp_` parameters.
    public static final List<Parameter<?>> PARAMETERS;

    static {
        List<Parameter<?>> all = new ArrayList<>();
        Stream.of(
                        SmtpClient.PARAMETERS,
                        TlsPolicyMaps.PARAMETERS,
                        ClientContexts.PARAMETERS,
                        ClientMechanisms.PARAMETERS,
                        ClientPasswords.PARAMETERS)
                .flatMap(List::stream)
                .filter(parameter -> parameter.name().startsWith("smtp_") && !WITHOUT_TWIN.contains(parameter.name()))
                .forEach(parameter -> {
                    Parameter<?> twin = twin(parameter);
                    TWINS.put(parameter, twin);
                    all.add(twin);
                });
        PARAMETERS = List.copyOf(all);
    }

    private LmtpParameters() {}

    private static Parameter<?> twin(Parameter<?> parameter) {
        String name = parameter.name();
        String text = DEFAULTS.getOrDefault(
                name, parameter.defaultText().replace("$smtp_", "$lmtp_").replace("{smtp_", "{lmtp_"));
        return parameter.as(NAMES.getOrDefault(name, name.replaceFirst("^smtp_", "lmtp_")), text);
    }

    /// The configuration of an LMTP client.
    public static MainCf view(MainCf main) {
        Map<String, String> values = new HashMap<>();
        TWINS.forEach((parameter, twin) ->
                values.put(parameter.name(), main.isSet(twin.name()) ? "$" + twin.name() : twin.defaultText()));
        return main.with(values, "lmtp");
    }
}
