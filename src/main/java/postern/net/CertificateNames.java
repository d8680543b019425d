package postern.net;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// The names a certificate is made out to, and how they are matched (RFC 6125 §6.4, RFC 9525): the DNS names
/// and addresses of its subjectAltName; the subject's common name only when there is no DNS name, as Postfix
/// does.
record CertificateNames(List<String> names) {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    static CertificateNames of(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        boolean dns = false;
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                int kind = (Integer) alternative.get(0);
                if ((kind == DNS || kind == ADDRESS) && alternative.get(1) instanceof String name) {
                    names.add(plain(name));
                    dns |= kind == DNS;
                }
            }
        } catch (CertificateParsingException e) {
            return new CertificateNames(List.of());
        }
        if (!dns) {
            commonName(certificate, names);
        }
        return new CertificateNames(List.copyOf(names));
    }

    /// Whether one of the names is `wanted`.
    ///
    /// @param wanted a host name; `.domain` stands for any name below that domain
    boolean matches(String wanted) {
        String host = plain(wanted);
        for (String name : names) {
            if (host.startsWith(".") ? name.length() > host.length() && name.endsWith(host) : matches(name, host)) {
                return true;
            }
        }
        return false;
    }

    /// A wildcard stands for exactly one label, the first, and never for a whole top-level domain's.
    private static boolean matches(String name, String host) {
        if (!name.startsWith("*.")) {
            return name.equals(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && name.indexOf('.', 2) > 0 && name.substring(1).equals(host.substring(dot));
    }

    private static void commonName(X509Certificate certificate, List<String> names) {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    names.add(plain(name));
                }
            }
        } catch (InvalidNameException e) {
            // A subject that cannot be read names nobody.
        }
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
