package postern.policy;

/// The command that policy is asked at, as the log names it.
enum Where {
    CONNECT("CONNECT"),
    HELO("HELO"),
    MAIL("MAIL"),
    RCPT("RCPT"),
    DATA("DATA"),
    END_OF_MESSAGE("END-OF-MESSAGE"),
    VRFY("VRFY");

    private final String label;

    Where(String label) {
        this.label = label;
    }

    String label(PolicyRequest request) {
        return this == HELO && request.protocol().equals("ESMTP") ? "EHLO" : label;
    }
}
