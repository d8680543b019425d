package postern.mailauth;

import java.util.Locale;

/// A pattern of opendkim's refile tables: `*` stands for any text, all else for itself without regard to case.
record Wildcards(String pattern) {
    Wildcards {
        pattern = pattern.toLowerCase(Locale.ROOT);
    }

    boolean matches(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int at = 0;
        int in = 0;
        int star = -1;
        int mark = 0;
        while (at < lower.length()) {
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                mark = at;
            } else if (in < pattern.length() && pattern.charAt(in) == lower.charAt(at)) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++mark;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }
}
