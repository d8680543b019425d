package postern.mailauth;

import java.util.Locale;
import java.util.regex.Pattern;
import postern.config.ConfigException;

/// Names that go into a signature, where anything else would break it (RFC 6376 §3.5).
final class DkimNames {
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?");

    private DkimNames() {}

    /// @return in lower case
    /// @throws ConfigException naming the line
    static String domain(String text, String origin) {
        String domain = text.strip();
        if (!domain.equals("%") && (!DOMAIN.matcher(domain).matches() || domain.contains(".."))) {
            throw new ConfigException(origin + ": \"" + domain + "\" is no domain");
        }
        return domain.toLowerCase(Locale.ROOT);
    }

    /// @throws ConfigException naming the line
    static String selector(String text, String origin) {
        String selector = text.strip();
        if (!DOMAIN.matcher(selector).matches() || selector.contains("..")) {
            throw new ConfigException(origin + ": \"" + selector + "\" is no selector");
        }
        return selector;
    }
}
