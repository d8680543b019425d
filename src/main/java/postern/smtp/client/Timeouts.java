package postern.smtp.client;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import postern.config.MainCf;
import postern.config.Parameter;

/// How long the other side may take for each step.
final class Timeouts {
    static final Parameter<Duration> SMTP_CONNECT_TIMEOUT = Parameter.time("smtp_connect_timeout", "30s")
            .doc("Time limit for completing a TCP connection; 0: the system's own.");
    static final Parameter<Duration> SMTP_HELO_TIMEOUT = Parameter.time("smtp_helo_timeout", "300s")
            .doc("Time limit for the greeting, and for EHLO or HELO and its reply.");
    static final Parameter<Duration> SMTP_STARTTLS_TIMEOUT =
            Parameter.time("smtp_starttls_timeout", "300s").doc("Time limit for STARTTLS and for the TLS handshake.");
    static final Parameter<Duration> SMTP_XFORWARD_TIMEOUT =
            Parameter.time("smtp_xforward_timeout", "300s").doc("Time limit for XFORWARD and its reply.");
    static final Parameter<Duration> SMTP_MAIL_TIMEOUT =
            Parameter.time("smtp_mail_timeout", "300s").doc("Time limit for MAIL FROM and its reply.");
    static final Parameter<Duration> SMTP_RCPT_TIMEOUT =
            Parameter.time("smtp_rcpt_timeout", "300s").doc("Time limit for RCPT TO and its reply.");
    static final Parameter<Duration> SMTP_DATA_INIT_TIMEOUT =
            Parameter.time("smtp_data_init_timeout", "120s").doc("Time limit for DATA and its reply.");
    static final Parameter<Duration> SMTP_DATA_XFER_TIMEOUT = Parameter.time("smtp_data_xfer_timeout", "180s")
            .doc("Time limit for each write while the message text is sent.");
    static final Parameter<Duration> SMTP_DATA_DONE_TIMEOUT =
            Parameter.time("smtp_data_done_timeout", "600s").doc("Time limit for the end of data and its reply.");
    static final Parameter<Duration> SMTP_RSET_TIMEOUT =
            Parameter.time("smtp_rset_timeout", "20s").doc("Time limit for RSET and its reply.");
    static final Parameter<Duration> SMTP_QUIT_TIMEOUT =
            Parameter.time("smtp_quit_timeout", "300s").doc("Time limit for QUIT.");

    static final List<Parameter<?>> PARAMETERS = List.of(
            SMTP_CONNECT_TIMEOUT,
            SMTP_HELO_TIMEOUT,
            SMTP_STARTTLS_TIMEOUT,
            SMTP_XFORWARD_TIMEOUT,
            SMTP_MAIL_TIMEOUT,
            SMTP_RCPT_TIMEOUT,
            SMTP_DATA_INIT_TIMEOUT,
            SMTP_DATA_XFER_TIMEOUT,
            SMTP_DATA_DONE_TIMEOUT,
            SMTP_RSET_TIMEOUT,
            SMTP_QUIT_TIMEOUT);

    /// What 0 means for a connect: the system gives up long before.
    private static final Duration SYSTEM_DECIDES = Duration.ofHours(1);

    private final Duration connect;
    private final Map<Phase, Duration> phases = new EnumMap<>(Phase.class);

    Timeouts(MainCf main) {
        Duration limit = main.get(SMTP_CONNECT_TIMEOUT);
        connect = limit.isZero() ? SYSTEM_DECIDES : limit;
        for (Phase phase : Phase.values()) {
            phases.put(phase, main.get(phase.timeout()));
        }
    }

    Duration connect() {
        return connect;
    }

    Duration of(Phase phase) {
        return phases.getOrDefault(phase, connect);
    }
}
