package postern.address;

import java.util.Locale;

/// A mail domain as it was written: a DNS name, or an address literal with its brackets (`[192.0.2.1]`,
/// `[IPv6:2001:db8::1]`).
///
/// Two domains are equal when they differ in case only (RFC 5321 §2.4). The text keeps the case it came with,
/// because that is what goes out again.
public record Domain(String text) {

    /// The form to compare and to look up: lower case.
    public String key() {
        return text.toLowerCase(Locale.ROOT);
    }

    public boolean isLiteral() {
        return text.startsWith("[");
    }

    /// Whether this domain is `parent` or below it.
    public boolean isWithin(Domain parent) {
        String key = key();
        String above = parent.key();
        return key.equals(above) || key.endsWith("." + above);
    }

    /// Whether the text holds anything outside ASCII (a U-label, RFC 6531 §3.3).
    public boolean isUtf8() {
        return !Address.isAscii(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Domain(String theirs) && theirs.equalsIgnoreCase(text);
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
