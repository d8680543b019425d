package postern.net;

/// How far a peer has proved who it is, in the words of Postfix's log (`Untrusted TLS connection established`).
public enum Trust {
    /// It showed no certificate.
    ANONYMOUS("Anonymous"),
    /// Nobody known vouches for its certificate.
    UNTRUSTED("Untrusted"),
    /// An authority that we trust does; the name in it was not asked about.
    TRUSTED("Trusted"),
    /// It is who it should be.
    VERIFIED("Verified");

    private final String text;

    Trust(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
