package postern.sasl;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads the text of `postern_sasl_certificates`: one `account|fingerprint` per line, the fingerprint the SHA-256 of
/// the client's certificate in hexadecimal.
final class CertificatesFile {
    private static final int DIGITS = 64;

    private CertificatesFile() {}

    /// Accounts, in lower case, by fingerprint, in upper case without colons.
    ///
    /// @throws IllegalArgumentException naming file and line, and what would be right
    static Map<String, String> parse(String name, List<String> lines) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int bar = line.indexOf('|');
            String fingerprint = bar < 0 ? "" : plain(line.substring(bar + 1));
            String account =
                    bar < 0 ? "" : UsersFile.fold(line.substring(0, bar).strip());
            if (account.isEmpty() || !fingerprint.matches("[0-9A-F]{" + DIGITS + "}")) {
                throw new IllegalArgumentException(
                        name + ":" + (i + 1)
                                + ": a line is account|fingerprint, the SHA-256 of the certificate: openssl x509 -noout -fingerprint -sha256");
            }
            String earlier = all.putIfAbsent(fingerprint, account);
            if (earlier != null && !earlier.equals(account)) {
                throw new IllegalArgumentException(
                        name + ":" + (i + 1) + ": this certificate is that of " + earlier + " already");
            }
        }
        return all;
    }

    /// A fingerprint without colons, in upper case; what openssl writes in front of it does not count.
    static String plain(String fingerprint) {
        return fingerprint
                .replaceFirst("^(?i).*fingerprint=", "")
                .replace(":", "")
                .strip()
                .toUpperCase(Locale.ROOT);
    }
}
