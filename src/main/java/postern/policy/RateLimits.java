package postern.policy;

import java.time.Duration;
import java.util.List;
import postern.config.MainCf;
import postern.config.Parameter;

/// The `smtpd_client_…_limit` parameters; 0 means no limit.
record RateLimits(int connectionCount, int connections, int messages, int recipients, int tlsSessions, int logins) {
    static final Parameter<Integer> CONNECTION_COUNT = Parameter.integer("smtpd_client_connection_count_limit", "50")
            .doc("connections that one client may have at a time");
    static final Parameter<Integer> CONNECTION_RATE = Parameter.integer("smtpd_client_connection_rate_limit", "0")
            .doc("connections of one client per anvil_rate_time_unit");
    static final Parameter<Integer> MESSAGE_RATE = Parameter.integer("smtpd_client_message_rate_limit", "0")
            .doc("messages of one client per anvil_rate_time_unit");
    static final Parameter<Integer> RECIPIENT_RATE = Parameter.integer("smtpd_client_recipient_rate_limit", "0")
            .doc("recipients of one client per anvil_rate_time_unit");
    static final Parameter<Integer> NEW_TLS_SESSION_RATE = Parameter.integer(
                    "smtpd_client_new_tls_session_rate_limit", "0")
            .doc("new TLS sessions of one client per anvil_rate_time_unit");
    static final Parameter<Integer> AUTH_RATE = Parameter.integer("smtpd_client_auth_rate_limit", "0")
            .doc("AUTH commands of one client per anvil_rate_time_unit");
    static final Parameter<Duration> TIME_UNIT =
            Parameter.time("anvil_rate_time_unit", "60s").doc("the time that rates are counted over");

    static final List<Parameter<?>> PARAMETERS = List.of(
            CONNECTION_COUNT,
            CONNECTION_RATE,
            MESSAGE_RATE,
            RECIPIENT_RATE,
            NEW_TLS_SESSION_RATE,
            AUTH_RATE,
            TIME_UNIT);

    static RateLimits of(MainCf conf) {
        return new RateLimits(
                conf.get(CONNECTION_COUNT),
                conf.get(CONNECTION_RATE),
                conf.get(MESSAGE_RATE),
                conf.get(RECIPIENT_RATE),
                conf.get(NEW_TLS_SESSION_RATE),
                conf.get(AUTH_RATE));
    }
}
