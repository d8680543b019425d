package postern.policy;

import java.net.InetAddress;
import java.util.regex.Pattern;

/// What a host name and an address literal may look like, as Postfix sees it: letters, digits, `-` and `_` in
/// labels of 1 to 63 that neither begin nor end with `-`, 255 in all; not digits and dots alone, unless they
/// are an IPv4 address.
final class HostNames {
    private static final Pattern LABEL = Pattern.compile("(?!-)[A-Za-z0-9_\\-\u0080-\uffff]{1,63}(?<!-)");

    private HostNames() {}

    static boolean isValid(String name) {
        if (name.isEmpty() || name.length() > 255) {
            return false;
        }
        boolean numeric = true;
        for (String label : name.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
            numeric &= label.chars().allMatch(c -> c >= '0' && c <= '9');
        }
        return !numeric || isAddress(name);
    }

    /// Whether it is a valid name and no address.
    static boolean isName(String name) {
        return isValid(name) && !isAddress(name);
    }

    /// The name without one dot at its end; a second dot stays, and makes it invalid.
    static String withoutDot(String name) {
        return name.endsWith(".") && !name.endsWith("..") ? name.substring(0, name.length() - 1) : name;
    }

    static boolean isFullyQualified(String name) {
        return name.indexOf('.') >= 0;
    }

    /// `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3).
    static boolean isLiteral(String text) {
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return false;
        }
        String inside = text.substring(1, text.length() - 1);
        return inside.regionMatches(true, 0, "IPv6:", 0, 5)
                ? inside.indexOf(':', 5) >= 0 && isAddress(inside.substring(5))
                : inside.indexOf(':') < 0 && isAddress(inside);
    }

    private static boolean isAddress(String text) {
        try {
            return InetAddress.ofLiteral(text) != null && dots(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Java takes `1.2` and `1` for IPv4 addresses too.
    private static boolean dots(String text) {
        return text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3;
    }
}
