package postern.smtp.client;

import java.time.Duration;
import postern.config.Parameter;

/// Where in the dialog we are: in Postfix's words, and with its time limit. The order is that of the dialog.
enum Phase {
    GREETING("receiving the initial server greeting", "", Timeouts.SMTP_HELO_TIMEOUT),
    EHLO("performing the EHLO handshake", "EHLO command", Timeouts.SMTP_HELO_TIMEOUT),
    HELO("performing the HELO handshake", "HELO command", Timeouts.SMTP_HELO_TIMEOUT),
    LHLO("performing the LHLO handshake", "LHLO command", Timeouts.SMTP_HELO_TIMEOUT),
    STARTTLS("receiving the STARTTLS response", "STARTTLS command", Timeouts.SMTP_STARTTLS_TIMEOUT),
    TLS("performing the TLS handshake", "", Timeouts.SMTP_STARTTLS_TIMEOUT),
    AUTH("performing SASL authentication", "AUTH command", Timeouts.SMTP_HELO_TIMEOUT),
    CLIENT("introducing the client", "XCLIENT command", Timeouts.SMTP_HELO_TIMEOUT),
    XFORWARD("sending XFORWARD name/address", "XFORWARD command", Timeouts.SMTP_XFORWARD_TIMEOUT),
    XFATE("sending XFATE", "XFATE command", Timeouts.SMTP_MAIL_TIMEOUT),
    MAIL("sending MAIL FROM", "MAIL FROM command", Timeouts.SMTP_MAIL_TIMEOUT),
    RCPT("sending RCPT TO", "RCPT TO command", Timeouts.SMTP_RCPT_TIMEOUT),
    DATA("sending DATA command", "DATA command", Timeouts.SMTP_DATA_INIT_TIMEOUT),
    BODY("sending message body", "", Timeouts.SMTP_DATA_XFER_TIMEOUT),
    END(
            "sending end of data -- message may be sent more than once",
            "end of DATA command",
            Timeouts.SMTP_DATA_DONE_TIMEOUT),
    RSET("sending RSET", "RSET command", Timeouts.SMTP_RSET_TIMEOUT),
    QUIT("sending QUIT", "QUIT command", Timeouts.SMTP_QUIT_TIMEOUT);

    private final String during;
    private final String request;
    private final Parameter<Duration> timeout;

    Phase(String during, String request, Parameter<Duration> timeout) {
        this.during = during;
        this.request = request;
        this.timeout = timeout;
    }

    /// `lost connection with … while` this.
    String during() {
        return during;
    }

    /// `(in reply to` this`)`.
    String request() {
        return request;
    }

    Parameter<Duration> timeout() {
        return timeout;
    }
}
