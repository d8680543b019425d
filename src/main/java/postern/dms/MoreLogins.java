package postern.dms;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import postern.sasl.StoredPasswords;

/// What lets an account in besides its password, in files of our own beside docker-mailserver's:
/// `postfix-accounts-app.cf` (`account|label|{SCHEME}hash`) and `postfix-accounts-cert.cf` (`account|fingerprint`).
///
/// @param apps lines for `postern_sasl_app_passwords`
/// @param certificates lines for `postern_sasl_certificates`
record MoreLogins(List<String> apps, List<String> certificates, List<String> warnings) {
    static final String APPS = "postfix-accounts-app.cf";
    static final String CERTIFICATES = "postfix-accounts-cert.cf";

    /// @throws postern.config.ConfigException naming file and line
    static MoreLogins of(Volume volume, Accounts accounts) {
        MoreLogins made = new MoreLogins(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Volume.Line line : volume.lines(APPS)) {
            String[] parts = line.text().split("\\|", -1);
            if (parts.length != 3 || !parts[1].strip().matches("[A-Za-z0-9._-]{1,64}")) {
                throw line.error("account|label|{SCHEME}hash is needed, the label of letters and digits");
            }
            check(line, () -> StoredPasswords.check(parts[2].strip()));
            made.add(made.apps, line, parts[0], accounts);
        }
        for (Volume.Line line : volume.lines(CERTIFICATES)) {
            int bar = line.text().indexOf('|');
            if (bar < 0) {
                throw line.error("account|fingerprint is needed");
            }
            check(line, () -> StoredPasswords.fingerprint(line.text().substring(bar + 1)));
            made.add(made.certificates, line, line.text().substring(0, bar), accounts);
        }
        return made;
    }

    private static void check(Volume.Line line, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            throw line.error(String.valueOf(e.getMessage()));
        }
    }

    private void add(List<String> to, Volume.Line line, String name, Accounts accounts) {
        String account = name.strip().toLowerCase(Locale.ROOT);
        if (accounts.all().containsKey(account)) {
            to.add(line.text());
        } else {
            warnings.add(line.origin() + ": " + account + " is no account: the line has no effect");
        }
    }
}
