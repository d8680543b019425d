package postern.ldap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.LogicalLines;

/// `dovecot-ldap.conf.ext` as Dovecot 2.3 reads it: `name = value`.
final class DovecotFile {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> KNOWN = Set.of(
            "uris",
            "hosts",
            "base",
            "dn",
            "dnpass",
            "tls",
            "tls_require_cert",
            "tls_ca_cert_file",
            "tls_ca_cert_dir",
            "tls_cert_file",
            "tls_key_file",
            "ldap_version",
            "auth_bind",
            "pass_attrs",
            "pass_filter",
            "user_attrs",
            "user_filter",
            "default_pass_scheme",
            "scope",
            "deref");
    private static final Set<String> REFUSED = Set.of("sasl_bind", "auth_bind_userdn");

    private final String name;
    private final Map<String, String> values;
    private final List<String> warnings;

    private DovecotFile(String name, Map<String, String> values, List<String> warnings) {
        this.name = name;
        this.values = values;
        this.warnings = warnings;
    }

    /// @throws ConfigException naming file and line
    static DovecotFile parse(String name, byte[] bytes) {
        LogicalLines lines = LogicalLines.of(name, bytes);
        Map<String, String> values = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>(lines.warnings());
        for (LogicalLines.Line line : lines.lines()) {
            String where = name + ":" + line.number() + ": ";
            int equals = line.text().indexOf('=');
            String key = equals < 0 ? "" : line.text().substring(0, equals).strip();
            String value = line.text().substring(equals + 1).strip();
            if (key.isEmpty()) {
                throw new ConfigException(where + "name = value is needed, not \"" + line.text() + "\"");
            }
            if (REFUSED.contains(key) && !value.isEmpty() && !value.equals("no")) {
                throw new ConfigException(where + key + " is not understood here; auth_bind = yes looks the name up");
            }
            if (!KNOWN.contains(key) && !REFUSED.contains(key)) {
                warnings.add(where + key + " has no effect here");
            }
            values.put(key, value);
        }
        return new DovecotFile(name, values, warnings);
    }

    List<String> warnings() {
        return warnings;
    }

    String text(String key, String standard) {
        String value = values.getOrDefault(key, "");
        return value.isEmpty() ? standard : value;
    }

    boolean flag(String key) {
        return text(key, "no").equals("yes");
    }

    /// One of a few words.
    ///
    /// @throws ConfigException naming the file
    <T> T choice(String key, String standard, Map<String, T> words) {
        T found = words.get(text(key, standard).toLowerCase(Locale.ROOT));
        if (found == null) {
            throw error(key, "one of these is needed: " + String.join(", ", words.keySet()));
        }
        return found;
    }

    /// A filter, checked.
    ///
    /// @throws ConfigException naming the file
    DovecotText filter(String key, String standard) {
        DovecotText filter = new DovecotText(FilterText.of(text(key, standard)));
        String wrong = Directory.objection(filter.expand("user@example.com", Escape.FILTER));
        if (wrong != null) {
            throw error(key, wrong);
        }
        return filter;
    }

    /// Where the directory is.
    ///
    /// @throws ConfigException naming the file
    LdapServers servers() {
        List<LdapServers.Place> places = new ArrayList<>();
        for (String word : text("uris", text("hosts", "localhost")).split("[\\s,]+")) {
            try {
                places.add(LdapServers.place(word, 389));
            } catch (IllegalArgumentException e) {
                throw error("uris", String.valueOf(e.getMessage()));
            }
        }
        String dn = text("dn", "");
        boolean verify = !Set.of("never", "allow", "no").contains(text("tls_require_cert", "hard"));
        Path certificate = path("tls_cert_file");
        Path key = path("tls_key_file");
        return new LdapServers(
                List.copyOf(places),
                new LdapServers.Security(
                        flag("tls") && places.stream().noneMatch(LdapServers.Place::tls),
                        verify,
                        new LdapServers.Authorities(path("tls_ca_cert_file"), path("tls_ca_cert_dir")),
                        certificate == null || key == null ? null : new LdapServers.Key(certificate, key)),
                dn.isEmpty() ? null : new LdapServers.Login(dn, text("dnpass", "")),
                TIMEOUT,
                false);
    }

    private @Nullable Path path(String key) {
        String text = text(key, "");
        return text.isEmpty() ? null : Path.of(text);
    }

    private ConfigException error(String key, String message) {
        return new ConfigException(name + ": " + key + " = " + text(key, "") + ": " + message);
    }
}
