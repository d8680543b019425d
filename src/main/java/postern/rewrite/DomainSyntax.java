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

    /// Labels of letters, digits, `-`, `_` (and UTF-8), none empty, none too long; not all digits and dots.
    private static boolean isHostName(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return false;
        }
        boolean numeric = true;
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > LONGEST_LABEL || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                boolean digit = c >= '0' && c <= '9';
                if (!digit && !Character.isLetter(c) && c != '-' && c != '_' && c < 128) {
                    return false;
                }
                numeric &= digit;
            }
        }
        return !numeric;
    }

    /// `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
    private static boolean isLiteral(String text) {
        if (!text.endsWith("]")) {
            return false;
        }
        String inside = text.substring(1, text.length() - 1);
        boolean v6 = inside.regionMatches(true, 0, "IPv6:", 0, 5);
        try {
            InetAddress.ofLiteral(v6 ? inside.substring(5) : inside);
            return v6 || inside.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
