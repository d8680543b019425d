package postern.dms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What `ACCOUNT_PROVISIONER=LDAP` makes of the variables `LDAP_*` and `DOVECOT_*` and of the volume's `ldap-*.cf`:
/// the files that DMS gives to Postfix (ldap_table(5)) and to Dovecot (`dovecot-ldap.conf.ext`).
///
/// As in DMS a file of the volume takes the place of DMS's own, and a variable that is set goes over the line of
/// its name. Where no file says anything else, the directory's certificate is verified.
///
/// @param files by name
/// @param settings of main.cf
/// @param notes what to say at start
record DirectoryFiles(
        Map<String, String> files, Map<String, String> settings, List<String> warnings, List<String> notes) {
    static final String DOVECOT = "dovecot-ldap.conf.ext";
    private static final List<String> OVERRIDES = List.of("ldap/dovecot.conf", DOVECOT);
    private static final String VERIFY = "tls_require_cert";

    /// DMS's own question of each file, and the variable for another.
    private enum Kind {
        USERS("(&(mail=%s)(mailEnabled=TRUE))", "mail", "LDAP_QUERY_FILTER_USER"),
        GROUPS("(&(mailGroupMember=%s)(mailEnabled=TRUE))", "mail", "LDAP_QUERY_FILTER_GROUP"),
        ALIASES("(&(mailAlias=%s)(mailEnabled=TRUE))", "mail", "LDAP_QUERY_FILTER_ALIAS"),
        DOMAINS("(&(|(mail=*@%s)(mailalias=*@%s))(mailEnabled=TRUE))", "mail", "LDAP_QUERY_FILTER_DOMAIN"),
        SENDERS("(mail=%s)", "mail, uid", "LDAP_QUERY_FILTER_SENDERS");

        private final String filter;
        private final String result;
        private final String variable;

        Kind(String filter, String result, String variable) {
            this.filter = filter;
            this.result = result;
            this.variable = variable;
        }

        String file() {
            return "ldap-" + name().toLowerCase(Locale.ROOT) + ".cf";
        }
    }

    /// Whether accounts are in a directory.
    ///
    /// @throws postern.config.ConfigException naming the variable
    static boolean areAsked(Environment environment) {
        if (environment.get("ACCOUNT_PROVISIONER").equals("OIDC")) {
            throw environment.error("ACCOUNT_PROVISIONER", "not yet implemented, in docker-mailserver neither");
        }
        return environment
                .choice("ACCOUNT_PROVISIONER", List.of("FILE", "LDAP"))
                .equals("LDAP");
    }

    /// @throws postern.config.ConfigException naming the variable
    static DirectoryFiles of(Volume volume, Environment environment) {
        Map<String, String> files = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            files.put(kind.file(), table(kind, volume, environment));
        }
        String dovecot = dovecot(volume, environment);
        List<String> notes = new ArrayList<>();
        if (Saslauthd.isAsked(environment) && Saslauthd.objection(volume, environment) == null) {
            dovecot = Saslauthd.demanding(dovecot, environment);
            notes.add(Saslauthd.note());
        }
        files.put(DOVECOT, dovecot);
        return new DirectoryFiles(files, settings(volume, environment), vain(volume), notes);
    }

    private static String table(Kind kind, Volume volume, Environment environment) {
        String text = volume.has(kind.file()) ? volume.here(volume.text(kind.file())) : base(kind, environment);
        for (String name : List.of("server_host", "search_base", "bind_dn", "bind_pw", "start_tls")) {
            text = over(text, name, environment.given("LDAP_" + name.toUpperCase(Locale.ROOT)));
        }
        return verified(over(text, "query_filter", environment.given(kind.variable)), "yes");
    }

    private static String base(Kind kind, Environment environment) {
        for (String needed : List.of("LDAP_SERVER_HOST", "LDAP_SEARCH_BASE")) {
            if (environment.get(needed).isEmpty()) {
                throw environment.error(needed, "ACCOUNT_PROVISIONER=LDAP needs it");
            }
        }
        return String.join(
                "\n",
                "bind = yes",
                "bind_dn =",
                "bind_pw =",
                "query_filter = " + kind.filter,
                "result_attribute = " + kind.result,
                "search_base =",
                "server_host =",
                "start_tls = no",
                "version = 3",
                "");
    }

    /// Dovecot's file.
    static String dovecot(Volume volume, Environment environment) {
        String users = "(&(objectClass=PostfixBookMailAccount)(uniqueIdentifier=%n))";
        String startTls = environment.get("LDAP_START_TLS");
        StringBuilder text = new StringBuilder(String.join(
                "\n",
                "base = " + environment.get("LDAP_SEARCH_BASE"),
                "default_pass_scheme = SSHA",
                "dn = " + environment.get("LDAP_BIND_DN"),
                "dnpass = " + environment.get("LDAP_BIND_PW"),
                "uris = " + environment.get("LDAP_SERVER_HOST"),
                "tls = " + (startTls.isEmpty() ? "no" : startTls),
                "ldap_version = 3",
                "pass_attrs = uniqueIdentifier=user,userPassword=password",
                "pass_filter = " + users,
                "user_attrs = mailHomeDirectory=home,mailUidNumber=uid,mailGidNumber=gid,mailStorageDirectory=mail",
                "user_filter = " + users,
                "auth_bind = no",
                "scope = subtree",
                ""));
        OVERRIDES.forEach(name -> text.append(volume.here(volume.text(name))).append('\n'));
        String made = text.toString();
        made = over(made, "pass_filter", environment.given("DOVECOT_USER_FILTER"));
        for (String name : List.of(
                "uris",
                "base",
                "dn",
                "dnpass",
                "tls",
                "user_filter",
                "pass_filter",
                "user_attrs",
                "pass_attrs",
                "auth_bind",
                "ldap_version",
                "scope",
                "default_pass_scheme")) {
            made = over(made, name, environment.given("DOVECOT_" + name.toUpperCase(Locale.ROOT)));
        }
        return verified(made, authorities(volume));
    }

    /// What `ldap-users.cf` says of certificates counts for logins too.
    private static String authorities(Volume volume) {
        String users = volume.here(volume.text(Kind.USERS.file()));
        String verify = value(users, VERIFY);
        StringBuilder more = new StringBuilder("no".equals(verify) ? "never" : "hard");
        for (String name : List.of("tls_ca_cert_file", "tls_ca_cert_dir")) {
            String value = value(users, name);
            if (value != null) {
                more.append('\n').append(name).append(" = ").append(value);
            }
        }
        return more.toString();
    }

    /// The settings that lead to the files.
    private static Map<String, String> settings(Volume volume, Environment environment) {
        boolean senders = !environment.get(Kind.SENDERS.variable).isEmpty() || volume.has(Kind.SENDERS.file());
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("virtual_mailbox_domains", "/etc/postfix/vhost, " + spec(Kind.DOMAINS));
        settings.put("virtual_mailbox_maps", spec(Kind.USERS));
        settings.put(
                "virtual_alias_maps",
                spec(Kind.ALIASES) + ", " + spec(Kind.GROUPS)
                        + ", pcre:/etc/postfix/regexp, texthash:/etc/postfix/aliases");
        settings.put(
                "smtpd_sender_login_maps",
                senders ? spec(Kind.SENDERS) : spec(Kind.USERS) + ", " + spec(Kind.ALIASES) + ", " + spec(Kind.GROUPS));
        return settings;
    }

    private static String spec(Kind kind) {
        return "ldap:/etc/postfix/" + kind.file();
    }

    /// Files that DMS too leaves alone.
    private static List<String> vain(Volume volume) {
        List<String> warnings = new ArrayList<>();
        for (String name : List.of(Accounts.FILE, VirtualFile.NAME, Accounts.QUOTAS, Accounts.MASTERS)) {
            if (!volume.lines(name).isEmpty()) {
                warnings.add(name + " has no effect with ACCOUNT_PROVISIONER=LDAP");
            }
        }
        return warnings;
    }

    /// The line of a name with another value; what has no such line stays.
    static String over(String text, String name, @Nullable String value) {
        return value == null || value.isEmpty()
                ? text
                : line(name).matcher(text).replaceAll(Matcher.quoteReplacement(name + " = " + value));
    }

    private static String verified(String text, String value) {
        return value(text, VERIFY) == null ? text.stripTrailing() + "\n" + VERIFY + " = " + value + "\n" : text;
    }

    static @Nullable String value(String text, String name) {
        Matcher line = line(name).matcher(text);
        @Nullable String found = null;
        while (line.find()) {
            found = line.group(1).strip();
        }
        return found;
    }

    /// With the lines that continue it.
    private static Pattern line(String name) {
        return Pattern.compile("(?m)^" + name + "[ \\t]*=(.*(?:\\n[ \\t]+\\S.*)*)");
    }
}
