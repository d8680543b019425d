package postern.dms;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// DMS's main.cf, as its image has it and its start completes it, by Postfix's names. What DMS does badly is
/// done better here; docs/differences.md has the list.
final class PostfixSettings {
    private final Environment environment;
    private final Map<String, String> settings = new LinkedHashMap<>();

    private PostfixSettings(Environment environment) {
        this.environment = environment;
    }

    /// @param names what the server calls itself and its domain
    /// @param isManaged whether `user@host` has mailboxes here
    /// @throws postern.config.ConfigException naming the variable
    static Map<String, String> of(Volume volume, Environment environment, Names names, boolean isManaged) {
        PostfixSettings made = new PostfixSettings(environment);
        made.names(names, isManaged);
        made.restrictions(volume);
        made.logins(volume);
        made.recipients();
        made.tls();
        return made.settings;
    }

    /// @param host `mail.example.com`
    /// @param domain all after its first label, when it has more than two
    record Names(String host, String domain) {
        static Names of(String host) {
            int dot = host.indexOf('.');
            boolean more = dot > 0 && host.indexOf('.', dot + 1) > 0;
            return new Names(host, more ? host.substring(dot + 1) : host);
        }

        /// The domains of this host itself.
        List<String> local() {
            return List.of(host, "localhost." + domain, "localhost");
        }
    }

    /// A text that stands for itself in main.cf.
    static String literal(String text) {
        return text.replace("$", "$$");
    }

    /// Where the queue lies: mail that does not end here waits in it.
    static Map<String, String> places(Path state) {
        return Map.of("queue_directory", literal(state.resolve("queue").toString()), "postern_handover", "queue");
    }

    private void set(String name, String value) {
        settings.put(name, value);
    }

    private void names(Names names, boolean isManaged) {
        set("compatibility_level", "3.6");
        set("myhostname", names.host());
        set("mydomain", names.domain());
        set("smtpd_banner", "$myhostname ESMTP");
        set("append_dot_mydomain", "no");
        // A domain cannot be both this host's own and one with mailboxes: Postfix would look for system users.
        set("mydestination", (isManaged ? "" : "$myhostname, ") + "localhost.$mydomain, localhost");
        set("recipient_delimiter", "+");
        set("inet_protocols", environment.choice("POSTFIX_INET_PROTOCOLS", List.of("all", "ipv4", "ipv6")));
        set("message_size_limit", Long.toString(environment.number("POSTFIX_MESSAGE_SIZE_LIMIT")));
        set("disable_vrfy_command", "yes");
        set("smtpd_forbid_bare_newline", "yes");
    }

    private void restrictions(Volume volume) {
        set("smtpd_helo_required", "yes");
        set("smtpd_delay_reject", "yes");
        set("smtpd_helo_restrictions", "permit_mynetworks, reject_invalid_helo_hostname, permit");
        set("smtpd_relay_restrictions", "permit_mynetworks permit_sasl_authenticated defer_unauth_destination");
        set(
                "smtpd_recipient_restrictions",
                check(volume, "recipient", DmsConfig.RECEIVE_ACCESS, "receive_access")
                        + "permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination,"
                        + " reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname, reject_unknown_recipient_domain");
        set("smtpd_client_restrictions", "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination");
        set("smtpd_sender_restrictions", "$dms_smtpd_sender_restrictions");
        set("smtpd_data_restrictions", "permit_mynetworks, permit_sasl_authenticated, reject_unauth_pipelining");
        set(
                "dms_smtpd_sender_restrictions",
                check(volume, "sender", DmsConfig.SEND_ACCESS, "send_access")
                        + "permit_sasl_authenticated, permit_mynetworks, reject_unknown_sender_domain"
                        + (environment.isOn("POSTFIX_REJECT_UNKNOWN_CLIENT_HOSTNAME")
                                ? ", reject_unknown_client_hostname"
                                : ""));
        set(
                "mua_sender_restrictions",
                (environment.isOn("SPOOF_PROTECTION") ? "reject_authenticated_sender_login_mismatch, " : "")
                        + "$dms_smtpd_sender_restrictions");
    }

    private static String check(Volume volume, String whom, String file, String table) {
        return volume.has(file) ? "check_" + whom + "_access texthash:/etc/postfix/" + table + ", " : "";
    }

    private void logins(Volume volume) {
        set(
                "smtpd_sender_login_maps",
                "unionmap:{ texthash:/etc/postfix/virtual, texthash:/etc/postfix/aliases,"
                        + " pcre:/etc/postfix/sender_login_maps.pcre, pcre:/etc/postfix/regexp }");
        // SPOOF_PROTECTION alone says as whom a login may send: mua_sender_restrictions.
        set("smtpd_sasl_auth_enable", "no");
        set("postern_login_senders", "any");
        set("smtpd_sasl_security_options", "noanonymous");
        set("broken_sasl_auth_clients", "yes");
        set("postern_sasl_users", environment.isOn("SMTP_ONLY") ? "" : "/etc/postfix/users");
        if (environment.isOn("ENABLE_OAUTH2")) {
            set("postern_oauth2_introspection_url", literal(introspection()));
        }
        set("postern_sasl_masters", environment.isOn("SMTP_ONLY") ? "" : "/etc/postfix/masters");
        set("postern_sasl_app_passwords", "/etc/postfix/app_passwords");
        set("postern_sasl_certificates", "/etc/postfix/certificates");
        set(
                "postern_sasl_scram",
                switch (environment.choice("POSTERN_SCRAM", List.of("auto", "0", "1"))) {
                    case "0" -> "no";
                    case "1" -> "yes";
                    default -> "auto";
                });
        set("postern_sasl_scram_learn", environment.isOn("POSTERN_SCRAM_LEARN") ? "yes" : "no");
        if (!volume.lines(MoreLogins.CERTIFICATES).isEmpty()) {
            set("smtpd_tls_ask_ccert", "yes");
            set("smtpd_sasl_mechanism_filter", "static:rest");
        }
    }

    private String introspection() {
        String url = environment.get("OAUTH2_INTROSPECTION_URL");
        if (url.isEmpty()) {
            throw environment.error("OAUTH2_INTROSPECTION_URL", "ENABLE_OAUTH2=1 needs it: https://host/userinfo");
        }
        return url;
    }

    private void recipients() {
        set("virtual_mailbox_domains", "/etc/postfix/vhost");
        set("virtual_mailbox_maps", "texthash:/etc/postfix/vmailbox");
        set(
                "virtual_alias_maps",
                "texthash:/etc/postfix/virtual, pcre:/etc/postfix/regexp, texthash:/etc/postfix/accounts,"
                        + " texthash:/etc/postfix/aliases");
        set("alias_maps", "");
        set("local_recipient_maps", "texthash:/etc/postfix/aliases");
        set("local_transport", "error:5.1.1 User unknown in local recipient table");
        String agent = environment.get("POSTFIX_DAGENT");
        set("virtual_transport", agent.isEmpty() ? PostfixServices.MAILBOX : agent);
    }

    private void tls() {
        environment.choice("TLS_LEVEL", List.of("modern", "intermediate"));
        set("smtpd_tls_security_level", "may");
        set("smtp_tls_security_level", "may");
        set("smtpd_tls_loglevel", "1");
        set("smtp_tls_loglevel", "1");
        set("smtpd_tls_auth_only", environment.isOn("POSTERN_CLEARTEXT_AUTH") ? "no" : "yes");
        if (environment.get("SSL_TYPE").isEmpty()) {
            set("postern_loopback_auth", "yes");
        }
        String protocols = "!SSLv2,!SSLv3,!TLSv1,!TLSv1.1";
        set("smtpd_tls_protocols", protocols);
        set("smtp_tls_protocols", protocols);
        set("smtpd_tls_mandatory_protocols", protocols);
    }
}
