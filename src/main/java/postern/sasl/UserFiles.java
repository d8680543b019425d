package postern.sasl;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;

/// The files of those who may log in; null for what is not there.
///
/// @param users `login|{SCHEME}hash[|account]`
/// @param masters `name|{SCHEME}hash`: who may log in as anybody
/// @param apps `account|label|{SCHEME}hash`: more passwords of accounts
/// @param certificates `account|fingerprint`
record UserFiles(
        Path users,
        @Nullable Path masters,
        @Nullable Path apps,
        @Nullable Path certificates) {
    static final Parameter<String> SASL_APP_PASSWORDS = Parameter.text("postern_sasl_app_passwords", "")
            .doc("The file of passwords for single programs, one account|label|{SCHEME}hash per line.");
    static final Parameter<String> SASL_CERTIFICATES = Parameter.text("postern_sasl_certificates", "")
            .doc("The file of client certificates that log in by EXTERNAL, one account|SHA-256 fingerprint per line;"
                    + " needs smtpd_tls_ask_ccert, and smtpd_sasl_mechanism_filter without !external.");

    static final List<Parameter<?>> PARAMETERS = List.of(SASL_APP_PASSWORDS, SASL_CERTIFICATES);

    static UserFiles only(Path users) {
        return new UserFiles(users, null, null, null);
    }

    /// Those that parameters name.
    static UserFiles of(MainCf conf) {
        return new UserFiles(
                conf.file(conf.get(Logins.SASL_USERS)),
                file(conf, Logins.SASL_MASTERS),
                file(conf, SASL_APP_PASSWORDS),
                file(conf, SASL_CERTIFICATES));
    }

    private static @Nullable Path file(MainCf conf, Parameter<String> parameter) {
        String name = conf.get(parameter);
        return name.isEmpty() ? null : conf.file(name);
    }

    List<Path> all() {
        return Stream.of(users, masters, apps, certificates)
                .flatMap(Stream::ofNullable)
                .toList();
    }
}
