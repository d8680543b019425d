package postern.dms;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `ENABLE_SASLAUTHD=1` with a directory. In docker-mailserver saslauthd asks it about logins for SMTP
/// (`SASLAUTHD_LDAP_*`), and Dovecot about all others (`DOVECOT_*`). Here all are asked in Dovecot's way, where that is
/// the same directory; who logs in must be found by saslauthd's filter too, so that nobody sends who could not before.
final class Saslauthd {
    static final String SWITCH = "ENABLE_SASLAUTHD";

    private static final String PREFIX = "SASLAUTHD_LDAP_";
    private static final String STANDARD_FILTER = "(&(uniqueIdentifier=%u)(mailEnabled=TRUE))";
    private static final String PASS_FILTER = "pass_filter";
    /// What a filter may have of saslauthd's variables: it takes a login apart at its `@`.
    private static final Pattern TRANSLATABLE = Pattern.compile("[^%]*(?:%[uUdr][^%]*)*");

    private Saslauthd() {}

    /// Whether saslauthd is asked for.
    static boolean isAsked(Environment environment) {
        return environment.isOn(SWITCH);
    }

    /// Why what is asked for is not here; null where logins of the directory do the same.
    static @Nullable String objection(Volume volume, Environment environment) {
        if (!DirectoryFiles.areAsked(environment)
                || !environment.get("SASLAUTHD_MECHANISMS").equals("ldap")) {
            return "logins by saslauthd, but for SASLAUTHD_MECHANISMS=ldap with ACCOUNT_PROVISIONER=LDAP";
        }
        String dovecot = DirectoryFiles.dovecot(volume, environment);
        if (!servers(own(environment, "SERVER", "LDAP_SERVER_HOST")).equals(servers(value(dovecot, "uris")))) {
            return "SASLAUTHD_LDAP_SERVER is not the server of all other logins";
        }
        String base = name(own(environment, "SEARCH_BASE", "LDAP_SEARCH_BASE"));
        if (!("," + name(value(dovecot, "base"))).endsWith("," + base)) {
            return "SASLAUTHD_LDAP_SEARCH_BASE does not hold the base of all other logins";
        }
        String method = environment.get(PREFIX + "AUTH_METHOD");
        String attribute = environment.get(PREFIX + "PASSWORD_ATTR");
        boolean compares = method.equals("custom")
                && passwords(dovecot).contains(attribute.isEmpty() ? "userpassword" : name(attribute));
        if (!method.isEmpty() && !method.equals("bind") && !compares) {
            return "SASLAUTHD_LDAP_AUTH_METHOD=" + method + " is not how all other logins are checked";
        }
        return TRANSLATABLE.matcher(filter(environment)).matches()
                ? null
                : "SASLAUTHD_LDAP_FILTER has other variables than %u, %U, %d and %r";
    }

    private static String own(Environment environment, String name, String otherwise) {
        String own = environment.get(PREFIX + name);
        return own.isEmpty() ? environment.get(otherwise) : own;
    }

    private static String value(String dovecot, String name) {
        String value = DirectoryFiles.value(dovecot, name);
        return value == null ? "" : value.replaceAll("\\s*\\n\\s*", " ");
    }

    /// With scheme, and without the port that goes without saying.
    private static Set<String> servers(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[\\s,]+"))
                .map(server -> server.contains("://") ? server : "ldap://" + server)
                .map(server -> server.replaceFirst("/+$", ""))
                .map(server -> server.replaceFirst(server.startsWith("ldaps://") ? ":636$" : ":389$", ""))
                .collect(Collectors.toSet());
    }

    private static String name(String text) {
        return text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s*([,=])\\s*", "$1");
    }

    /// The attributes that have a password, in lower case.
    private static Set<String> passwords(String dovecot) {
        return Arrays.stream(name(value(dovecot, "pass_attrs")).split(","))
                .filter(pair -> pair.endsWith("=password"))
                .map(pair -> pair.substring(0, pair.lastIndexOf('=')))
                .collect(Collectors.toSet());
    }

    private static String filter(Environment environment) {
        String filter = environment.get(PREFIX + "FILTER");
        return filter.isEmpty() ? STANDARD_FILTER : filter;
    }

    /// Dovecot's file with what saslauthd demands besides: its filter, TLS, and whom to trust.
    static String demanding(String dovecot, Environment environment) {
        String other = value(dovecot, PASS_FILTER);
        String own = inDovecotsWords(filter(environment));
        String text = canonical(own).equals(canonical(other))
                ? dovecot
                : DirectoryFiles.over(dovecot, PASS_FILTER, "(&" + wrapped(other) + wrapped(own) + ")");
        if (environment.get(PREFIX + "START_TLS").equals("yes")) {
            text = DirectoryFiles.over(text, "tls", "yes");
        }
        StringBuilder more = new StringBuilder(text);
        for (String name : List.of("CACERT_FILE", "CACERT_DIR")) {
            String file = environment.get(PREFIX + "TLS_" + name);
            String setting = name.equals("CACERT_FILE") ? "tls_ca_cert_file" : "tls_ca_cert_dir";
            if (!file.isEmpty() && DirectoryFiles.value(text, setting) == null) {
                more.append(setting).append(" = ").append(file).append('\n');
            }
        }
        return more.toString();
    }

    private static String inDovecotsWords(String filter) {
        return filter.replaceAll("%[uU]", "%n").replace("%r", "%d");
    }

    /// The same for filters that find the same entries for logins that are a name alone.
    private static String canonical(String filter) {
        return wrapped(filter)
                .replaceAll("%[LU]?[un]|%\\{user(name)?}", "%n")
                .replaceAll("\\s+", "")
                .toLowerCase(Locale.ROOT);
    }

    private static String wrapped(String filter) {
        return filter.strip().startsWith("(") ? filter.strip() : "(" + filter.strip() + ")";
    }

    /// What to say of it at start.
    static String note() {
        return SWITCH + "=1: there is no saslauthd; all logins ask the directory in Dovecot's way, and must be found by"
                + " SASLAUTHD_LDAP_FILTER too (" + DirectoryFiles.DOVECOT + ": " + PASS_FILTER + ")";
    }
}
