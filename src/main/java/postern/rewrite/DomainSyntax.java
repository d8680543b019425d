package postern.rewrite;

import java.net.InetAddress;

/// What may stand behind the `@`.
final class DomainSyntax {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_LABEL = 63;

    private DomainSyntax() {}

    static boolean isValid(String domain) {
        return domain.startsWith("[") ? isLiteral(domain) : isHostName(domain);
    }

    /// Whether this is an address as it stands, without brackets.
    static boolean isAddress(String text) {
        return isAddress(text, text.indexOf(':') >= 0);
    }

    /// Labels of letters, digits, `-`, `_` (and UTF-8), none empty, none too long; not all digits and dots.
    private static boolean isHostName(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return false;
        }
        boolean numeric = true;
        int label = 0;
        for (int i = 0; i <= name.length(); i++) {
            char c = i == name.length() ? '.' : name.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (c == '.') {
                if (!isLabel(name, label, i)) {
                    return false;
                }
                label = i + 1;
            } else if (!digit && !isLetter(c) && c != '-' && c != '_') {
                return false;
            }
            numeric &= digit || c == '.';
        }
        return !numeric;
    }

    private static boolean isLabel(String name, int from, int to) {
        return to > from && to - from <= LONGEST_LABEL && name.charAt(from) != '-' && name.charAt(to - 1) != '-';
    }

    /// Of ASCII, or anything above it (RFC 6531 §3.3).
    private static boolean isLetter(char c) {
        return c > 127 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /// `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
    private static boolean isLiteral(String text) {
        if (!text.endsWith("]")) {
            return false;
        }
        String inside = text.substring(1, text.length() - 1);
        boolean v6 = inside.regionMatches(true, 0, "IPv6:", 0, 5);
        return isAddress(v6 ? inside.substring(5) : inside, v6);
    }

    private static boolean isAddress(String text, boolean v6) {
        if (v6 ? text.indexOf(':') < 0 || text.startsWith("[") : !text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return false;
        }
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
