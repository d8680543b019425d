package postern.ldap;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A text with Dovecot's variables: `%u`, `%n` and `%d` are a user's whole name, what stands before its `@` and
/// behind; `%Lu` in lower and `%Uu` in upper case; `%{user}`, `%{username}`, `%{domain}` the same in words, and
/// `%{user | username | lower}` as Dovecot 2.4 writes it; `%{ldap:name}` an attribute, `%$` the attribute that the
/// text belongs to.
record DovecotText(String text) {
    private static final Pattern VARIABLE = Pattern.compile("%(?:\\{([^}]*)}|([LU]?)([und%$]))");

    /// The attributes that stand in it, in lower case.
    Set<String> attributes() {
        Set<String> names = new TreeSet<>();
        Matcher matcher = VARIABLE.matcher(text);
        while (matcher.find()) {
            String word = matcher.group(1);
            if (word != null && word.startsWith("ldap:")) {
                names.add(attribute(word));
            }
        }
        return names;
    }

    private static String attribute(String word) {
        return word.substring("ldap:".length()).split(":", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    String expand(String user, Escape escape) {
        return expand(user, escape, null, "");
    }

    /// @param entry that attributes are taken from
    /// @param own the attribute for `%$`
    String of(String user, Entry entry, String own) {
        return expand(user, Escape.NONE, entry, own);
    }

    private String expand(String user, Escape escape, @Nullable Entry entry, String own) {
        return VARIABLE.matcher(text)
                .replaceAll(match ->
                        Matcher.quoteReplacement(escape.of(value(match.group(1), match.group(), user, entry, own))));
    }

    private static String value(@Nullable String word, String all, String user, @Nullable Entry entry, String own) {
        if (word == null) {
            char kind = all.charAt(all.length() - 1);
            return switch (kind) {
                case '%' -> "%";
                case '$' -> entry == null ? "" : entry.first(own);
                default -> cased(part(kind, user), all.charAt(1));
            };
        }
        if (word.startsWith("ldap:")) {
            return entry == null ? "" : entry.first(attribute(word));
        }
        String value = user;
        for (String step : List.of(word.split("\\|", -1))) {
            value = step(step.strip(), value);
        }
        return value;
    }

    private static String step(String name, String value) {
        return switch (name) {
            case "user" -> value;
            case "username" -> part('n', value);
            case "domain" -> part('d', value);
            case "lower" -> value.toLowerCase(Locale.ROOT);
            case "upper" -> value.toUpperCase(Locale.ROOT);
            default -> "";
        };
    }

    private static String part(char kind, String user) {
        int at = user.lastIndexOf('@');
        return switch (kind) {
            case 'n' -> at < 0 ? user : user.substring(0, at);
            case 'd' -> at < 0 ? "" : user.substring(at + 1);
            default -> user;
        };
    }

    private static String cased(String value, char modifier) {
        return switch (modifier) {
            case 'L' -> value.toLowerCase(Locale.ROOT);
            case 'U' -> value.toUpperCase(Locale.ROOT);
            default -> value;
        };
    }
}
