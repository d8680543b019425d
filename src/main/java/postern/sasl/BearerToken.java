package postern.sasl;

import org.jspecify.annotations.Nullable;

/// What a client says with OAUTHBEARER (RFC 7628 §3.1) or XOAUTH2 (Google's, which came before it).
///
/// @param login whom it says that it is; empty when only the token tells
/// @param token empty when there is none, or when it is of another kind
record BearerToken(String login, String token) {
    private static final char SEPARATOR = '\1';
    private static final String SCHEME = "bearer ";

    /// `n,a=user@example.com,^Ahost=…^Aport=…^Aauth=Bearer token^A^A`; null for what is none, and for channel
    /// binding, which does not go with a token.
    static @Nullable BearerToken oauthBearer(String message) {
        int end = message.indexOf(SEPARATOR);
        String header = end < 0 ? "" : message.substring(0, end);
        if (!header.matches("[ny],(a=[^,\1]*)?,")) {
            return null;
        }
        String login = header.length() == 3 ? "" : saslName(header.substring(4, header.length() - 1));
        return login == null || !message.endsWith("\1\1") ? null : pairs(login, message.substring(end + 1));
    }

    /// `user=user@example.com^Aauth=Bearer token^A^A`
    static @Nullable BearerToken xoauth2(String message) {
        int end = message.indexOf(SEPARATOR);
        if (end < 0 || !message.startsWith("user=") || !message.endsWith("\1\1")) {
            return null;
        }
        return pairs(message.substring("user=".length(), end), message.substring(end + 1));
    }

    private static @Nullable BearerToken pairs(String login, String text) {
        String token = "";
        for (String pair : text.split("\1", -1)) {
            if (pair.regionMatches(true, 0, "auth=", 0, 5)) {
                String value = pair.substring(5).strip();
                token = value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        ? value.substring(SCHEME.length()).strip()
                        : "";
            } else if (!pair.isEmpty() && pair.indexOf('=') <= 0) {
                return null;
            }
        }
        return new BearerToken(UsersFile.fold(login), token);
    }

    /// A name with `=2C` for a comma and `=3D` for `=` (RFC 5801 §4); null when it breaks that.
    private static @Nullable String saslName(String text) {
        String rest = text.replace("=2C", "").replace("=3D", "");
        return rest.indexOf('=') >= 0 ? null : text.replace("=2C", ",").replace("=3D", "=");
    }

    /// Never the token.
    @Override
    public String toString() {
        return login;
    }
}
