package postern;

import java.util.List;
import postern.config.MainCf;
import postern.config.Parameter;

/// What the log calls a service of master.cf: the program, behind what its own `syslog_name` adds to
/// `postfix`.
final class LogNames {
    static final Parameter<String> SYSLOG_NAME = Parameter.text(
                    "syslog_name", "${multi_instance_name?{$multi_instance_name}:{postfix}}")
            .doc("The name in front of each service in the log.");

    static final List<Parameter<?>> PARAMETERS = List.of(SYSLOG_NAME);

    private LogNames() {}

    /// `smtpd`; with `-o syslog_name=postfix/submission`: `submission/smtpd`.
    static String of(MainCf seen, String program) {
        String name = seen.get(SYSLOG_NAME);
        int slash = name.indexOf('/');
        return slash < 0 ? program : name.substring(slash + 1) + "/" + program;
    }
}
