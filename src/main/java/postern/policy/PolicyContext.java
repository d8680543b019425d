package postern.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.dns.Resolver;
import postern.lookup.AccessLookup;
import postern.lookup.Table;
import postern.lookup.Tables;
import postern.rewrite.Routes;

/// What restrictions may use of the world.
///
/// @param tables with the configuration of the service they belong to (master.cf's `-o` included)
/// @param probe how an address is verified, or null when that is not possible here
/// @param service the name in log lines: `smtpd`, `submission/smtpd`
/// @param connections to policy servers, all that there are: for whoever ends them
record PolicyContext(
        Tables tables,
        Routes routes,
        Resolver resolver,
        @Nullable Probe probe,
        String service,
        List<PolicyConnections> connections) {
    static final Parameter<Boolean> SOFT_BOUNCE =
            Parameter.bool("soft_bounce", "no").doc("whether refusals are temporary ones, while trying things out");

    static final List<Parameter<?>> PARAMETERS = List.of(SOFT_BOUNCE);

    MainCf conf() {
        return tables.context().conf();
    }

    <T> T conf(Parameter<T> parameter) {
        return conf().get(parameter);
    }

    void info(String text) {
        tables.context().log().info(service, text);
    }

    void warn(String text) {
        tables.context().log().warning(service, text);
    }

    /// A table of a `check_…_access` restriction, with the look-up order of access(5).
    AccessLookup access(String spec) {
        Table table = tables.open(spec);
        return new AccessLookup(table, tables.parents("smtpd_access_maps"), conf(Routes.RECIPIENT_DELIMITER));
    }

    /// The code of a reply, checked to be one.
    int code(Parameter<Integer> parameter) {
        int code = conf(parameter);
        if (code < 400 || code > 599) {
            throw new ConfigException(conf().origin(parameter.name()) + ": " + parameter + ": " + code
                    + " is not a code from 400 to 599");
        }
        return code;
    }
}
