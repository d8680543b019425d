package postern.dms;

import java.util.ArrayList;
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
    static Map<String, String> of(Environment environment, Names names, Accounts accounts) {
        PostfixSettings made = new PostfixSettings(environment);
        made.names(names);
        made.restrictions();
        made.recipients(accounts);
        made.tls();
        made.networks();
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
    }

    private void set(String name, String value) {
        settings.put(name, value);
    }

    private void names(Names names) {
        set("compatibility_level", "3.10");
        set("myhostname", names.host());
        set("mydomain", names.domain());
        set("mail_name", "Postfix");
        set("smtpd_banner", "$myhostname ESMTP");
        set("append_dot_mydomain", "no");
        set("mydestination", "$myhostname, localhost.$mydomain, localhost");
        set("recipient_delimiter", "+");
        set("inet_protocols", environment.get("POSTFIX_INET_PROTOCOLS"));
        set("message_size_limit", environment.get("POSTFIX_MESSAGE_SIZE_LIMIT"));
        set("disable_vrfy_command", "yes");
        set("smtpd_forbid_bare_newline", "yes");
    }

    private void restrictions() {
        set("smtpd_helo_required", "yes");
        set("smtpd_delay_reject", "yes");
        set("smtpd_helo_restrictions", "permit_mynetworks, reject_invalid_helo_hostname, permit");
        set("smtpd_relay_restrictions", "permit_mynetworks permit_sasl_authenticated defer_unauth_destination");
        set(
                "smtpd_recipient_restrictions",
                "permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination,"
                        + " reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname, reject_unknown_recipient_domain");
        set("smtpd_client_restrictions", "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination");
        set("smtpd_sender_restrictions", "$dms_smtpd_sender_restrictions");
        set("smtpd_data_restrictions", "permit_mynetworks, permit_sasl_authenticated, reject_unauth_pipelining");
        List<String> senders = new ArrayList<>(
                List.of("permit_sasl_authenticated", "permit_mynetworks", "reject_unknown_sender_domain"));
        if (environment.isOn("POSTFIX_REJECT_UNKNOWN_CLIENT_HOSTNAME")) {
            senders.add("reject_unknown_client_hostname");
        }
        set("dms_smtpd_sender_restrictions", String.join(", ", senders));
        String spoofing = environment.isOn("SPOOF_PROTECTION") ? "reject_authenticated_sender_login_mismatch, " : "";
        set("mua_sender_restrictions", spoofing + "$dms_smtpd_sender_restrictions");
        set(
                "smtpd_sender_login_maps",
                "unionmap:{ texthash:/etc/postfix/virtual, hash:/etc/postfix/aliases,"
                        + " pcre:/etc/postfix/sender_login_maps.pcre, pcre:/etc/postfix/regexp }");
        set("smtpd_sasl_auth_enable", "no");
        set("smtpd_sasl_security_options", "noanonymous");
        set("smtpd_sasl_local_domain", "$mydomain");
        set("broken_sasl_auth_clients", "yes");
    }

    private void recipients(Accounts accounts) {
        set("virtual_mailbox_domains", String.join(" ", accounts.domains()));
        set("virtual_mailbox_maps", "texthash:/etc/postfix/vmailbox");
        set("virtual_alias_maps", "texthash:/etc/postfix/virtual, pcre:/etc/postfix/regexp");
        set("alias_maps", "hash:/etc/postfix/aliases");
        String agent = environment.get("POSTFIX_DAGENT");
        set("virtual_transport", agent.isEmpty() ? "mailbox" : agent);
    }

    private void tls() {
        set("smtpd_tls_security_level", "may");
        set("smtp_tls_security_level", "may");
        set("smtpd_tls_loglevel", "1");
        set("smtp_tls_loglevel", "1");
        set("tls_preempt_cipherlist", "yes");
        String protocols = "!SSLv2,!SSLv3,!TLSv1,!TLSv1.1";
        set("smtpd_tls_protocols", protocols);
        set("smtp_tls_protocols", protocols);
        set("smtpd_tls_mandatory_protocols", protocols);
        set("smtpd_tls_mandatory_ciphers", "high");
        set("smtpd_tls_exclude_ciphers", "aNULL, SEED, CAMELLIA, RSA+AES, SHA1");
    }

    /// `PERMIT_DOCKER`: by default nobody is trusted for his address.
    private void networks() {
        set(
                "mynetworks",
                switch (environment.get("PERMIT_DOCKER")) {
                    case "none" -> "";
                    case "network" -> "127.0.0.0/8 [::1]/128 [fe80::]/64 172.16.0.0/12";
                    default -> "127.0.0.0/8 [::1]/128 [fe80::]/64";
                });
    }
}
