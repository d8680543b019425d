package postern.dms;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import postern.config.MainCf.Setting;
import postern.config.MasterCf;
import postern.config.MasterService.Type;

/// DMS's master.cf, and `postfix-master.cf` over it: a line is `service/type/parameter=value`, as `postconf -P`
/// takes it.
///
/// @param master the services
/// @param warnings what of the file has no effect
record PostfixServices(MasterCf master, List<String> warnings) {
    static final String FILE = "postfix-master.cf";
    /// The transport into the mailboxes here.
    static final String MAILBOX = "mailbox";

    private static final String CLEANUP = "sender-cleanup";
    private static final List<String> SUBMISSIONS = List.of("submission", "submissions");
    private static final String FILTER = "pcre:/etc/postfix/sender_header_filter.pcre";

    /// What of DMS's file does its work here without a line.
    private static final Set<String> OTHERS = Set.of(
            "smtp-amavis",
            "127.0.0.1:10025",
            "policyd-spf",
            "pickup",
            "cleanup",
            "qmgr",
            "tlsmgr",
            "rewrite",
            "bounce",
            "defer",
            "trace",
            "verify",
            "flush",
            "proxymap",
            "proxywrite",
            "showq",
            "local",
            "virtual",
            "anvil",
            "scache",
            "postlog",
            "tlsproxy",
            "dnsblog");

    private static final String TEXT = """
            smtp         inet n - n - 1 postscreen
            smtpd        pass - - n - - smtpd
            submission   inet n - n - - smtpd
              -o syslog_name=postfix/submission
              -o smtpd_tls_security_level=%2$s
            %1$s
            submissions  inet n - n - - smtpd
              -o syslog_name=postfix/submissions
              -o smtpd_tls_wrappermode=yes
            %1$s
            mailbox      unix - - n - - mailbox
            smtp         unix - - n - - smtp
            smtps        unix - - n - - smtp
              -o smtp_tls_wrappermode=yes
              -o smtp_tls_security_level=encrypt
            relay        unix - - n - - smtp
            lmtp         unix - - n - - lmtp
            error        unix - - n - - error
            retry        unix - - n - - error
            discard      unix - - n - - discard
            """;
    private static final String SUBMISSION = """
              -o smtpd_sasl_auth_enable=%s
              -o smtpd_reject_unlisted_recipient=no
              -o smtpd_sasl_authenticated_header=yes
              -o smtpd_client_restrictions=permit_sasl_authenticated,reject
              -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
              -o smtpd_sender_restrictions=$mua_sender_restrictions
              -o smtpd_discard_ehlo_keywords=
              -o header_checks=%s
              -o postern_smtpd_tls_profile=%s
            """.stripTrailing();

    /// Mail for mailboxes alone, from programs that deliver (`POSTERN_LMTP`).
    private static final String LMTP = """
            %s n - n - - smtpd
              -o syslog_name=postfix/lmtp
              -o postern_smtpd_lmtp=yes
              -o smtpd_banner=$myhostname
              -o smtpd_sasl_auth_enable=no
              -o mynetworks=
              -o smtpd_client_restrictions=
              -o smtpd_helo_restrictions=
              -o smtpd_sender_restrictions=
              -o smtpd_relay_restrictions=reject_unauth_destination
              -o smtpd_recipient_restrictions=
              -o smtpd_data_restrictions=
              -o smtpd_client_connection_count_limit=0
            """;

    /// @throws postern.config.ConfigException for a line that is no `service/type/parameter=value`: file and line
    static PostfixServices of(Volume volume, Environment environment) {
        String submission = SUBMISSION.formatted(
                environment.isOn("SMTP_ONLY") ? "no" : "yes", FILTER, environment.get("TLS_LEVEL"));
        boolean clear = environment.get("SSL_TYPE").isEmpty() || environment.isOn("POSTERN_CLEARTEXT_AUTH");
        PostfixServices made = new PostfixServices(
                MasterCf.of(
                        "docker-mailserver",
                        TEXT.formatted(submission, clear ? "may" : "encrypt") + lmtp(volume, environment)),
                new ArrayList<>());
        for (Volume.Line line : volume.lines(FILE)) {
            if (line.text().matches("(?s)[0-9a-z].*")) {
                made = made.with(line, volume.here(line.text()));
            } else {
                made.warnings.add(line.origin() + ": a line begins with a service's name; this one has no effect");
            }
        }
        return made;
    }

    private static String lmtp(Volume volume, Environment environment) {
        StringBuilder text = new StringBuilder();
        for (String word : environment.get("POSTERN_LMTP").split("[,\\s]+")) {
            String where = word.startsWith("unix:") ? word.substring("unix:".length()) : word;
            if (where.startsWith("/")) {
                text.append(LMTP.formatted(volume.path(where) + " unix"));
            } else if (where.matches("(inet:)?\\S*:?[0-9]{1,5}")) {
                text.append(LMTP.formatted(where.replaceFirst("^inet:", "") + " inet"));
            } else if (!where.isEmpty()) {
                throw environment.error("POSTERN_LMTP", "unix:/path/of/socket or inet:127.0.0.1:24 is needed");
            }
        }
        return text.toString();
    }

    private PostfixServices with(Volume.Line line, String text) {
        int equals = text.indexOf('=');
        String[] names = (equals < 0 ? text : text.substring(0, equals)).strip().split("/", -1);
        Type type = names.length == 3 ? Type.of(names[1]) : null;
        if (equals < 0 || type == null || !names[2].matches("[A-Za-z0-9_-]+")) {
            throw line.error("service/type/parameter=value is needed, not \"" + text + "\"");
        }
        Setting setting = new Setting(text.substring(equals + 1).strip(), line.origin());
        // What the cleanup of submitted mail is told, its listeners are told here.
        List<String> services = names[0].equals(CLEANUP) ? SUBMISSIONS : List.of(names[0]);
        Type where = names[0].equals(CLEANUP) ? Type.INET : type;
        MasterCf changed = master;
        for (String service : services) {
            if (changed.service(service, where) == null) {
                warnings.add(line.origin() + ": " + names[0] + "/" + names[1]
                        + (OTHERS.contains(names[0]) ? " is not needed here" : " is no service of docker-mailserver")
                        + ": the line has no effect");
                return this;
            }
            changed = changed.with(service, where, names[2], setting);
        }
        return new PostfixServices(changed, warnings);
    }
}
