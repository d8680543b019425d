package postern.smtp.client;

/// SMTP, or LMTP (RFC 2033): the same dialog but for its greeting, its port, and a reply for each recipient
/// at the end of data.
public enum Protocol {
    SMTP(25, Phase.EHLO),
    LMTP(24, Phase.LHLO);

    private final int port;
    private final Phase hello;

    Protocol(int port, Phase hello) {
        this.port = port;
        this.hello = hello;
    }

    int port() {
        return port;
    }

    /// The phase that asks for extensions.
    Phase hello() {
        return hello;
    }
}
