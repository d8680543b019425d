package postern.sasl;

import java.util.List;
import java.util.Set;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Tables;

/// Which mechanisms clients may log in with, in clear and under TLS.
public final class ServerMechanisms {
    static final Parameter<List<String>> SMTPD_SASL_MECHANISM_FILTER = Parameter.list(
                    "smtpd_sasl_mechanism_filter", "!external, static:rest")
            .doc("Mechanisms that are offered, of those that there are; empty: all.");
    static final Parameter<List<String>> SMTPD_SASL_SECURITY_OPTIONS = Parameter.list(
                    "smtpd_sasl_security_options", "noanonymous")
            .doc("What mechanisms must not be, in clear: noplaintext, noactive, nodictionary, noanonymous,"
                    + " mutual_auth, forward_secrecy.");
    static final Parameter<List<String>> SMTPD_SASL_TLS_SECURITY_OPTIONS = Parameter.list(
                    "smtpd_sasl_tls_security_options", "$smtpd_sasl_security_options")
            .doc("The same under TLS.");

    public static final List<Parameter<?>> PARAMETERS =
            List.of(SMTPD_SASL_MECHANISM_FILTER, SMTPD_SASL_SECURITY_OPTIONS, SMTPD_SASL_TLS_SECURITY_OPTIONS);

    private final MatchList filter;
    private final boolean filters;
    private final Set<Weakness> inClear;
    private final Set<Weakness> underTls;

    /// @throws postern.config.ConfigException when an option is unknown
    public ServerMechanisms(MainCf conf, Tables tables) {
        filter = tables.names(SMTPD_SASL_MECHANISM_FILTER);
        filters = !conf.get(SMTPD_SASL_MECHANISM_FILTER).isEmpty();
        inClear = Weakness.forbidden(conf, SMTPD_SASL_SECURITY_OPTIONS);
        underTls = Weakness.forbidden(conf, SMTPD_SASL_TLS_SECURITY_OPTIONS);
    }

    /// @param mechanism in upper case
    /// @param tls whether the connection is under TLS
    public boolean allows(String mechanism, boolean tls) {
        Set<Weakness> forbidden = tls ? underTls : inClear;
        return Weakness.of(mechanism).stream().noneMatch(forbidden::contains)
                && (!filters || filter.match(mechanism) instanceof Lookup.Found);
    }
}
