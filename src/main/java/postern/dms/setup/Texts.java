package postern.dms.setup;

import java.util.Locale;

/// Checks of what was given, before it becomes part of a file.
final class Texts {
    private static final int LONGEST_ADDRESS = 320;

    private Texts() {}

    /// The address of an account, in lower case; says so when it was not.
    static String account(String given, Report report) {
        int at = given.lastIndexOf('@');
        if (given.isEmpty()) {
            throw Refusal.withUsage("No account specified");
        }
        if (at <= 0 || at == given.length() - 1) {
            throw Refusal.withUsage("'" + given + "' should include the domain (eg: user@example.com)");
        }
        return name(given, report);
    }

    /// The name of an account or a master, in lower case.
    static String name(String given, Report report) {
        if (given.isEmpty()) {
            throw Refusal.withUsage("No account specified");
        }
        word(given, "an account");
        if (given.indexOf('|') >= 0 || given.indexOf('/') >= 0 || given.indexOf(':') >= 0) {
            throw Refusal.of("'" + given + "' cannot be an account: none of | / : may be in it");
        }
        String lower = given.toLowerCase(Locale.ROOT);
        if (!lower.equals(given)) {
            report.warning(
                    "Mail account '" + given + "' has uppercase letters and will be normalized to '" + lower + "'");
        }
        return lower;
    }

    /// A text that is one word of a line, and does not make the line a comment.
    static String word(String given, String what) {
        boolean isWord = given.chars().noneMatch(sign -> Character.isWhitespace(sign) || Character.isISOControl(sign));
        if (!isWord || given.isEmpty() || given.startsWith("#") || given.length() > LONGEST_ADDRESS) {
            throw Refusal.of("'" + printable(given) + "' cannot be " + what);
        }
        if (given.indexOf('\uFFFD') >= 0) {
            throw Refusal.of("'" + given + "' cannot be read in this locale: set LC_ALL=C.UTF-8");
        }
        return given;
    }

    /// A name that is part of a file's name: labels of letters, digits, hyphens and underscores.
    static String dnsName(String given, String what) {
        if (given.length() > 253 || !given.matches("[A-Za-z0-9_]([A-Za-z0-9_-]*)(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*))*")) {
            throw Refusal.of("'" + printable(given) + "' cannot be " + what);
        }
        return given;
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
