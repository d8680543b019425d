package postern.smtp.server;

import java.time.Duration;
import java.util.List;
import postern.config.Parameter;

/// What may be set of a session as a whole. Parameters of one command stand with that command.
final class SessionParameters {
    static final Parameter<String> SMTPD_BANNER = Parameter.text("smtpd_banner", "$myhostname ESMTP $mail_name")
            .doc("The text of the greeting; must begin with the host's name.");
    static final Parameter<Boolean> SMTPD_CLIENT_PORT_LOGGING = Parameter.bool("smtpd_client_port_logging", "no")
            .doc("Whether clients are shown with their ports: unknown[192.0.2.1]:40000.");
    static final Parameter<Duration> SMTPD_TIMEOUT = Parameter.time("smtpd_timeout", "${stress?{10}:{300}}s")
            .doc("How long a client may take over one command, and over a message at its least data rate.");
    static final Parameter<Integer> SMTPD_MIN_DATA_RATE = Parameter.integer("smtpd_min_data_rate", "500")
            .doc("Bytes a second that a message must come with, in the long run.");
    static final Parameter<Integer> POSTERN_MIN_DATA_RATE = Parameter.integer("postern_min_data_rate", "1024")
            .doc("Bytes a second, over a minute, that a message must come with where it is handed over before"
                    + " it is accepted; a slower one ends with 421.");
    static final Parameter<Duration> SMTPD_STARTTLS_TIMEOUT =
            Parameter.time("smtpd_starttls_timeout", "${stress?{10}:{300}}s").doc("How long a TLS handshake may take.");
    static final Parameter<Boolean> SMTPD_TLS_WRAPPERMODE =
            Parameter.bool("smtpd_tls_wrappermode", "no").doc("Whether TLS begins with the connection (port 465).");
    static final Parameter<Integer> SMTPD_TLS_LOGLEVEL =
            Parameter.integer("smtpd_tls_loglevel", "0").doc("From 1 on each handshake gets a line in the log.");
    static final Parameter<Boolean> SMTPD_TLS_RECEIVED_HEADER = Parameter.bool("smtpd_tls_received_header", "no")
            .doc("Whether the Received field tells of the TLS that the message came by.");
    static final Parameter<Integer> LINE_LENGTH_LIMIT =
            Parameter.integer("line_length_limit", "2048").doc("Bytes of a command line.");
    static final Parameter<Boolean> SMTPD_HELO_REQUIRED =
            Parameter.bool("smtpd_helo_required", "no").doc("Whether HELO or EHLO must come before MAIL.");
    static final Parameter<Duration> SMTPD_ERROR_SLEEP_TIME = Parameter.time("smtpd_error_sleep_time", "1s")
            .doc("How long replies wait once the soft error limit is reached.");
    static final Parameter<Integer> SMTPD_SOFT_ERROR_LIMIT = Parameter.integer("smtpd_soft_error_limit", "10")
            .doc("Errors since the last message from which on replies wait.");
    static final Parameter<Integer> SMTPD_HARD_ERROR_LIMIT = Parameter.integer(
                    "smtpd_hard_error_limit", "${stress?{1}:{20}}")
            .doc("Errors since the last message at which the session ends.");
    static final Parameter<Integer> SMTPD_JUNK_COMMAND_LIMIT = Parameter.integer(
                    "smtpd_junk_command_limit", "${stress?{1}:{100}}")
            .doc("Commands that bring no mail forward (NOOP, RSET, VRFY …) before each one more is an error.");
    static final Parameter<List<String>> SMTPD_NOOP_COMMANDS =
            Parameter.list("smtpd_noop_commands", "").doc("Words that are answered like NOOP.");
    static final Parameter<Boolean> SMTPD_FORBID_UNAUTH_PIPELINING = Parameter.bool(
                    "smtpd_forbid_unauth_pipelining", "no")
            .doc("Whether a client that does not wait where it must is disconnected.");

    static final Parameter<Boolean> POSTERN_SMTPD_LMTP = Parameter.bool("postern_smtpd_lmtp", "no")
            .doc("Whether LMTP is spoken (RFC 2033): LHLO, and a reply for each recipient after the text.");

    static final List<Parameter<?>> ALL = List.of(
            POSTERN_SMTPD_LMTP,
            SMTPD_BANNER,
            SMTPD_CLIENT_PORT_LOGGING,
            SMTPD_TIMEOUT,
            SMTPD_MIN_DATA_RATE,
            POSTERN_MIN_DATA_RATE,
            SMTPD_STARTTLS_TIMEOUT,
            SMTPD_TLS_WRAPPERMODE,
            SMTPD_TLS_LOGLEVEL,
            SMTPD_TLS_RECEIVED_HEADER,
            LINE_LENGTH_LIMIT,
            SMTPD_HELO_REQUIRED,
            SMTPD_ERROR_SLEEP_TIME,
            SMTPD_SOFT_ERROR_LIMIT,
            SMTPD_HARD_ERROR_LIMIT,
            SMTPD_JUNK_COMMAND_LIMIT,
            SMTPD_NOOP_COMMANDS,
            SMTPD_FORBID_UNAUTH_PIPELINING);

    private SessionParameters() {}
}
