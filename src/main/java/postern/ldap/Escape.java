package postern.ldap;

/// How text becomes data in what is sent to a directory.
enum Escape {
    /// In a filter (RFC 4515 §3).
    FILTER {
        @Override
        String of(String text) {
            StringBuilder out = new StringBuilder(text.length() + 8);
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '*' || c == '(' || c == ')' || c == '\\' || c == '\0') {
                    hex(c, out);
                } else {
                    out.append(c);
                }
            }
            return out.toString();
        }
    },
    /// In a distinguished name (RFC 4514 §2.4). White space and `#` count at the ends only; escaping them
    /// everywhere means the same.
    NAME {
        @Override
        String of(String text) {
            StringBuilder out = new StringBuilder(text.length() + 8);
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (" \"#+,;<>=\\\0".indexOf(c) >= 0) {
                    hex(c, out);
                } else {
                    out.append(c);
                }
            }
            return out.toString();
        }
    },
    /// Nowhere: a result.
    NONE {
        @Override
        String of(String text) {
            return text;
        }
    };

    abstract String of(String text);

    private static void hex(char c, StringBuilder out) {
        out.append('\\').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
    }
}
