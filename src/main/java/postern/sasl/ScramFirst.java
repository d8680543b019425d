package postern.sasl;

import org.jspecify.annotations.Nullable;

/// The client-first-message (RFC 5802 §7): `gs2-header n=saslname,r=nonce[,extensions]`.
///
/// @param gs2Header up to and with its second comma, as it came
/// @param binding the kind of channel binding; empty for none
/// @param authzid empty when there is none
/// @param bare what follows the header, as it came
record ScramFirst(String gs2Header, String binding, String authzid, String bare, String login, String nonce) {

    /// Null when it is none, or asks for an extension that must be understood.
    static @Nullable ScramFirst parse(String message) {
        int first = message.indexOf(',');
        int second = message.indexOf(',', first + 1);
        String flag = first < 0 ? "" : message.substring(0, first);
        if (second < 0 || !flag.matches("[ny]|p=[A-Za-z0-9.-]+")) {
            return null;
        }
        String binding = flag.startsWith("p=") ? flag.substring(2) : "";
        String authzid = "";
        if (second > first + 1) {
            authzid = message.startsWith("a=", first + 1) ? saslName(message.substring(first + 3, second)) : null;
        }
        String bare = message.substring(second + 1);
        String[] parts = bare.split(",", -1);
        if (authzid == null || parts.length < 2 || !parts[0].startsWith("n=") || !parts[1].startsWith("r=")) {
            return null;
        }
        String login = saslName(parts[0].substring(2));
        String nonce = parts[1].substring(2);
        if (login == null || login.isEmpty() || !isNonce(nonce)) {
            return null;
        }
        return new ScramFirst(message.substring(0, second + 1), binding, authzid, bare, login, nonce);
    }

    /// printable (RFC 5802 §7), without the comma.
    private static boolean isNonce(String text) {
        return !text.isEmpty() && text.length() <= 256 && text.chars().allMatch(c -> c > ' ' && c < 127 && c != ',');
    }

    /// The name behind `=2C` and `=3D`; null when a `=` stands for nothing.
    private static @Nullable String saslName(String text) {
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\0') {
                return null;
            }
            if (c != '=') {
                name.append(c);
            } else if (text.startsWith("=2C", i)) {
                name.append(',');
                i += 2;
            } else if (text.startsWith("=3D", i)) {
                name.append('=');
                i += 2;
            } else {
                return null;
            }
        }
        return name.toString();
    }
}
