package postern.sasl;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Tables;

/// The mechanisms that a client can log in with, the best first: one row each. Which are allowed depends on
/// the connection: in clear, under TLS, under TLS with a verified server.
public final class ClientMechanisms {
    static final Parameter<List<String>> SMTP_SASL_MECHANISM_FILTER = Parameter.list("smtp_sasl_mechanism_filter", "")
            .doc("Mechanisms to use of those that a server offers; empty: all.");
    static final Parameter<List<String>> SMTP_SASL_SECURITY_OPTIONS = Parameter.list(
                    "smtp_sasl_security_options", "noplaintext, noanonymous")
            .doc("What mechanisms must not be, in clear: noplaintext, noactive, nodictionary, noanonymous,"
                    + " mutual_auth.");
    static final Parameter<List<String>> SMTP_SASL_TLS_SECURITY_OPTIONS = Parameter.list(
                    "smtp_sasl_tls_security_options", "$smtp_sasl_security_options")
            .doc("The same under TLS.");
    static final Parameter<List<String>> SMTP_SASL_TLS_VERIFIED_SECURITY_OPTIONS = Parameter.list(
                    "smtp_sasl_tls_verified_security_options", "$smtp_sasl_tls_security_options")
            .doc("The same under TLS with a server whose certificate was verified.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            SMTP_SASL_MECHANISM_FILTER,
            SMTP_SASL_SECURITY_OPTIONS,
            SMTP_SASL_TLS_SECURITY_OPTIONS,
            SMTP_SASL_TLS_VERIFIED_SECURITY_OPTIONS);

    /// How safe the way to the server is.
    public enum Channel {
        CLEAR,
        TLS,
        VERIFIED
    }

    private record Row(String name, BiFunction<Credentials, Executor, ClientMechanism> begin) {}

    private static final List<Row> ROWS = List.of(
            new Row("SCRAM-SHA-256", ClientScram::new),
            new Row("CRAM-MD5", (credentials, _) -> new ClientCramMd5(credentials)),
            new Row("PLAIN", (credentials, _) -> new ClientPlain(credentials)),
            new Row("LOGIN", (credentials, _) -> new ClientLogin(credentials)),
            new Row("XOAUTH2", (credentials, _) -> new ClientXoauth2(credentials)));

    private final @Nullable MatchList filter;
    private final Set<Weakness> inClear;
    private final Set<Weakness> underTls;
    private final Set<Weakness> verified;
    private final Executor hashes;

    /// @param hashes threads for what takes milliseconds of CPU: [HashPool]
    /// @throws postern.config.ConfigException when an option is unknown
    public ClientMechanisms(MainCf main, Tables tables, Executor hashes) {
        filter = main.get(SMTP_SASL_MECHANISM_FILTER).isEmpty() ? null : tables.names(SMTP_SASL_MECHANISM_FILTER);
        inClear = Weakness.forbidden(main, SMTP_SASL_SECURITY_OPTIONS);
        underTls = Weakness.forbidden(main, SMTP_SASL_TLS_SECURITY_OPTIONS);
        verified = Weakness.forbidden(main, SMTP_SASL_TLS_VERIFIED_SECURITY_OPTIONS);
        this.hashes = hashes;
    }

    /// Begins a login with the best mechanism that the server offers and the options allow.
    ///
    /// @param offered in upper case
    /// @throws LoginFailed when there is none
    public ClientMechanism begin(List<String> offered, Channel channel, Credentials credentials) throws LoginFailed {
        Set<Weakness> forbidden = switch (channel) {
            case CLEAR -> inClear;
            case TLS -> underTls;
            case VERIFIED -> verified;
        };
        for (Row row : ROWS) {
            if (offered.contains(row.name)
                    && Weakness.of(row.name).stream().noneMatch(forbidden::contains)
                    && (filter == null || filter.match(row.name) instanceof Lookup.Found)) {
                return row.begin.apply(credentials, hashes);
            }
        }
        throw new LoginFailed("no mechanism available");
    }
}
