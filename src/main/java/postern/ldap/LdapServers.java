package postern.ldap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;

/// Where a directory is and how to speak with it. Tables for which all of this is the same share their
/// connections.
///
/// @param places tried in this order
/// @param login to begin with; null for none
/// @param timeout for connecting, and for each answer
/// @param chase whether referrals to other servers are followed
public record LdapServers(
        List<Place> places, Security security, @Nullable Login login, Duration timeout, boolean chase) {
    private static final int LDAP = 389;
    private static final int LDAPS = 636;

    /// @param tls from the first byte (`ldaps://`)
    public record Place(String host, int port, boolean tls) {}

    /// Never prints its password.
    public record Login(String dn, String password) {
        @Override
        public String toString() {
            return dn;
        }
    }

    /// @param startTls whether a plain connection turns to TLS (RFC 4511 §4.14)
    /// @param verify whether the server must prove its name
    /// @param authorities files that say whom to trust
    /// @param key own certificate and key, or null
    public record Security(
            boolean startTls,
            boolean verify,
            Authorities authorities,
            @Nullable Key key) {}

    /// Either may be null; both: whom the system trusts.
    public record Authorities(@Nullable Path file, @Nullable Path directory) {}

    /// PEM files.
    public record Key(Path certificate, Path key) {}

    /// As the settings of a table have it.
    ///
    /// @throws ConfigException naming file and line
    static LdapServers of(LdapFile file) {
        if (file.number("version", 3, 2, 3) == 2) {
            throw file.error("version", "only version 3 is spoken here");
        }
        List<Place> places = new ArrayList<>();
        for (String word : file.words("server_host", "localhost")) {
            try {
                places.add(place(word, file.number("server_port", LDAP, 1, 65535)));
            } catch (IllegalArgumentException e) {
                throw file.error("server_host", String.valueOf(e.getMessage()));
            }
        }
        boolean startTls = file.flag("start_tls");
        if (startTls && places.stream().anyMatch(Place::tls)) {
            throw file.error("start_tls", "ldaps:// has TLS from its first byte: one of both");
        }
        return new LdapServers(
                List.copyOf(places),
                new Security(startTls, file.flag("tls_require_cert"), authorities(file), key(file)),
                login(file),
                Duration.ofSeconds(file.number("timeout", 10, 1, 3600)),
                file.flag("chase_referrals"));
    }

    private static @Nullable Login login(LdapFile file) {
        return switch (file.text("bind", "yes").toLowerCase(Locale.ROOT)) {
            case "yes", "simple", "1" -> {
                String dn = file.text("bind_dn", "");
                yield dn.isEmpty() ? null : new Login(dn, file.text("bind_pw", ""));
            }
            case "no", "none", "0" -> null;
            default -> throw file.error("bind", "yes or no is needed; SASL binds are not spoken here");
        };
    }

    private static Authorities authorities(LdapFile file) {
        return new Authorities(path(file, "tls_ca_cert_file"), path(file, "tls_ca_cert_dir"));
    }

    private static @Nullable Key key(LdapFile file) {
        Path certificate = path(file, "tls_cert");
        Path key = path(file, "tls_key");
        return certificate == null || key == null ? null : new Key(certificate, key);
    }

    private static @Nullable Path path(LdapFile file, String name) {
        String text = file.text(name, "");
        return text.isEmpty() ? null : Path.of(text);
    }

    /// `ldap://host:port`, `ldaps://host`, `host`, `host:port`, `[::1]:389`.
    ///
    /// @throws IllegalArgumentException saying what is wrong
    static Place place(String text, int standardPort) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("ldapi:")) {
            throw new IllegalArgumentException("ldapi:// (a unix socket) is not spoken here; use ldap://127.0.0.1");
        }
        boolean url = lower.startsWith("ldap://") || lower.startsWith("ldaps://");
        boolean tls = lower.startsWith("ldaps://");
        String rest = url ? lower.substring(lower.indexOf("//") + 2).replaceFirst("/.*$", "") : lower;
        int colon = rest.endsWith("]") ? -1 : rest.lastIndexOf(':');
        boolean bare = colon >= 0 && rest.indexOf(':') != colon && !rest.startsWith("[");
        String host = colon < 0 || bare ? rest : rest.substring(0, colon);
        String port = colon < 0 || bare ? "" : rest.substring(colon + 1);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (!host.matches("[a-z0-9._:%-]+") || !port.matches("[0-9]{0,5}")) {
            throw new IllegalArgumentException("\"" + text + "\": ldap://host:port or ldaps://host:port is needed");
        }
        int number = port.isEmpty() ? tls ? LDAPS : url ? LDAP : standardPort : Integer.parseInt(port);
        if (number < 1 || number > 65535) {
            throw new IllegalArgumentException("\"" + text + "\": no port has this number");
        }
        return new Place(host, number, tls);
    }
}
