package postern.tlspolicy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How much TLS a next hop must have (TLS_README), in rising order.
public enum TlsLevel {
    /// Never.
    NONE,
    /// When it is offered; in clear when it is not.
    MAY,
    /// Always, whoever the server is.
    ENCRYPT,
    /// Always, and the server's certificate has one of the given fingerprints.
    FINGERPRINT,
    /// Always, and the certificate is trusted and made out to one of the names.
    VERIFY,
    /// The same, with names that do not come out of DNS.
    SECURE;

    /// Whether nothing goes out in clear.
    public boolean isMandatory() {
        return compareTo(ENCRYPT) >= 0;
    }

    /// Whether the server must prove who it is.
    public boolean verifies() {
        return compareTo(FINGERPRINT) >= 0;
    }

    /// The level of a word in any case; null for `dane` and other words that are none here.
    static @Nullable TlsLevel parse(String word) {
        String name = word.toUpperCase(Locale.ROOT);
        for (TlsLevel level : values()) {
            if (level.name().equals(name)) {
                return level;
            }
        }
        return null;
    }
}
