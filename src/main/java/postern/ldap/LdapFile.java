package postern.ldap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.LogicalLines;

/// The settings of one `ldap:` table (ldap_table(5)): `name = value`, in logical lines.
///
/// @param name of the file, for errors
final class LdapFile {
    /// What a table may say.
    private static final Set<String> KNOWN = Set.of(
            "server_host",
            "server_port",
            "timeout",
            "search_base",
            "query_filter",
            "result_format",
            "result_filter",
            "domain",
            "result_attribute",
            "special_result_attribute",
            "terminal_result_attribute",
            "leaf_result_attribute",
            "scope",
            "bind",
            "bind_dn",
            "bind_pw",
            "recursion_limit",
            "expansion_limit",
            "size_limit",
            "dereference",
            "chase_referrals",
            "version",
            "start_tls",
            "tls_ca_cert_dir",
            "tls_ca_cert_file",
            "tls_cert",
            "tls_key",
            "tls_require_cert");

    /// What has no effect here, for nothing depends on it.
    private static final Set<String> VAIN =
            Set.of("debuglevel", "cache", "cache_expiry", "cache_size", "tls_random_file", "tls_cipher_suite");

    private record Value(String text, int line) {}

    private final String name;
    private final Map<String, Value> values;
    private final List<String> warnings;

    private LdapFile(String name, Map<String, Value> values, List<String> warnings) {
        this.name = name;
        this.values = values;
        this.warnings = warnings;
    }

    /// @throws ConfigException naming file and line
    static LdapFile parse(String name, byte[] bytes) {
        LogicalLines lines = LogicalLines.of(name, bytes);
        Map<String, Value> values = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>(lines.warnings());
        for (LogicalLines.Line line : lines.lines()) {
            String where = name + ":" + line.number() + ": ";
            int equals = line.text().indexOf('=');
            String key = equals < 0 ? "" : line.text().substring(0, equals).strip();
            if (key.isEmpty()) {
                throw new ConfigException(where + "name = value is needed, not \"" + line.text() + "\"");
            }
            if (!KNOWN.contains(key)) {
                warnings.add(
                        where + key + (VAIN.contains(key) ? " has no effect here" : " is no setting of ldap_table(5)"));
            }
            values.put(key, new Value(line.text().substring(equals + 1).strip(), line.number()));
        }
        return new LdapFile(name, values, warnings);
    }

    /// What is odd, a line each.
    List<String> warnings() {
        return warnings;
    }

    String text(String key, String standard) {
        Value value = values.get(key);
        return value == null ? standard : value.text();
    }

    /// The value, or null when it is not set.
    @Nullable
    String given(String key) {
        Value value = values.get(key);
        return value == null ? null : value.text();
    }

    /// Words between white space and commas.
    List<String> words(String key, String standard) {
        String text = text(key, standard);
        return text.isBlank() ? List.of() : List.of(text.strip().split("[\\s,]+"));
    }

    boolean flag(String key) {
        return switch (text(key, "no").toLowerCase(Locale.ROOT)) {
            case "yes", "1", "true", "on" -> true;
            case "no", "0", "false", "off", "" -> false;
            default -> throw error(key, "yes or no is needed");
        };
    }

    int number(String key, int standard, int least, int most) {
        String text = text(key, Integer.toString(standard));
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw error(key, "a number from " + least + " to " + most + " is needed");
    }

    /// `ldap-users.cf:3: scope = x: message`; the values of passwords are not said.
    ConfigException error(String key, String message) {
        Value value = values.get(key);
        String where = value == null ? name + ": " : name + ":" + value.line() + ": ";
        String said = value == null || key.equals("bind_pw") ? key : key + " = " + value.text();
        return new ConfigException(where + said + ": " + message);
    }
}
