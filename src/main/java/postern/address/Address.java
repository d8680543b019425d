package postern.address;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A mailbox address. The local part is held unquoted, as Postfix holds it ("internal form"); [#toString()]
/// quotes it again where RFC 5321 §4.1.2 wants quotes. The domain is absent in `postmaster` and in addresses
/// that a local program gave without one.
///
/// Local parts compare exactly (RFC 5321 §2.4), domains without case.
public record Address(String localPart, @Nullable Domain domain) {

    public Address(String localPart, String domain) {
        this(localPart, new Domain(domain));
    }

    /// Reads the internal form `local@domain` by its last `@`, without quotes: what tables and main.cf hold.
    public static Address ofInternal(String text) {
        int at = text.lastIndexOf('@');
        return at < 0
                ? new Address(text, (Domain) null)
                : new Address(text.substring(0, at), new Domain(text.substring(at + 1)));
    }

    public boolean isUtf8() {
        return !isAscii(localPart) || (domain != null && domain.isUtf8());
    }

    /// `local@domain` without quotes, as Postfix writes addresses into tables and logs.
    public String internal() {
        return domain == null ? localPart : localPart + "@" + domain.text();
    }

    /// The key for a table look-up: Postfix folds the whole address to lower case before it searches a table.
    public String key() {
        return internal().toLowerCase(Locale.ROOT);
    }

    public Address withDomain(Domain other) {
        return new Address(localPart, other);
    }

    public Address withLocalPart(String other) {
        return new Address(other, domain);
    }

    /// Where the extension begins in the local part (`user+ext`: at the `+`), or -1. `delimiters` is
    /// `recipient_delimiter`: each character is one. A local part that begins with one has no extension, nor
    /// have the names that Postfix never splits; with `-` among the delimiters, neither have mailing lists'
    /// `owner-name` and `name-request` (`owner_request_special`).
    public int extensionStart(String delimiters) {
        if (delimiters.isEmpty() || isNeverSplit(delimiters.indexOf('-') >= 0)) {
            return -1;
        }
        for (int i = 0; i < localPart.length(); i++) {
            if (delimiters.indexOf(localPart.charAt(i)) >= 0) {
                return i == 0 ? -1 : i;
            }
        }
        return -1;
    }

    private boolean isNeverSplit(boolean byHyphen) {
        String name = localPart.toLowerCase(Locale.ROOT);
        return switch (name) {
            case "postmaster", "mailer-daemon", "double-bounce" -> true;
            default -> byHyphen && (name.startsWith("owner-") || name.endsWith("-request"));
        };
    }

    /// The form of RFC 5321 §4.1.2: the local part is quoted when it is not a dot-string.
    @Override
    public String toString() {
        String local = needsQuotes() ? quote(localPart) : localPart;
        return domain == null ? local : local + "@" + domain.text();
    }

    /// Whether the local part is no dot-string, so that [#toString()] quotes it.
    public boolean needsQuotes() {
        return !isDotString(localPart);
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDotString(String text) {
        char before = '.';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' ? before == '.' : c <= 127 && !isAtext(c)) {
                return false;
            }
            before = c;
        }
        return before != '.';
    }

    /// RFC 5322 §3.2.3 `atext`, ASCII part.
    public static boolean isAtext(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
