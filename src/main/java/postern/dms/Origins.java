package postern.dms;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import postern.config.MainCf;

/// Where the settings of [PostfixSettings], [Certificates] and [Relays] come from: for messages, and for who asks
/// `postconf`.
record Origins(Volume volume, Environment environment) {
    private static final String OURS = "docker-mailserver";

    /// Settings, and what has a say in them: variables, and files of the volume.
    private static final Map<String, List<String>> SOURCES = Map.ofEntries(
            Map.entry("myhostname", List.of("OVERRIDE_HOSTNAME")),
            Map.entry("mydomain", List.of("OVERRIDE_HOSTNAME")),
            Map.entry("mynetworks", List.of("PERMIT_DOCKER")),
            Map.entry("inet_protocols", List.of("POSTFIX_INET_PROTOCOLS")),
            Map.entry("message_size_limit", List.of("POSTFIX_MESSAGE_SIZE_LIMIT")),
            Map.entry("virtual_transport", List.of("POSTFIX_DAGENT")),
            Map.entry("virtual_mailbox_domains", List.of("postfix-accounts.cf", "postfix-virtual.cf")),
            Map.entry("virtual_mailbox_maps", List.of("postfix-accounts.cf")),
            Map.entry("virtual_alias_maps", List.of("postfix-virtual.cf", "postfix-regexp.cf", "postfix-aliases.cf")),
            Map.entry("smtpd_recipient_restrictions", List.of("postfix-receive-access.cf")),
            Map.entry(
                    "dms_smtpd_sender_restrictions",
                    List.of("postfix-send-access.cf", "POSTFIX_REJECT_UNKNOWN_CLIENT_HOSTNAME")),
            Map.entry("mua_sender_restrictions", List.of("SPOOF_PROTECTION")),
            Map.entry("postern_sasl_users", List.of("postfix-accounts.cf", "SMTP_ONLY")),
            Map.entry("postern_oauth2_introspection_url", List.of("OAUTH2_INTROSPECTION_URL")),
            Map.entry("smtpd_tls_auth_only", List.of("POSTERN_CLEARTEXT_AUTH")),
            Map.entry("postern_loopback_auth", List.of("SSL_TYPE")),
            Map.entry("smtpd_tls_cert_file", List.of("SSL_TYPE", "SSL_CERT_PATH", "SSL_DOMAIN")),
            Map.entry("smtpd_tls_key_file", List.of("SSL_TYPE", "SSL_KEY_PATH", "SSL_DOMAIN")),
            Map.entry("smtpd_tls_eccert_file", List.of("SSL_TYPE", "SSL_ALT_CERT_PATH")),
            Map.entry("smtpd_tls_eckey_file", List.of("SSL_TYPE", "SSL_ALT_KEY_PATH")),
            Map.entry("relayhost", List.of("DEFAULT_RELAY_HOST", "RELAY_HOST", "RELAY_PORT")),
            Map.entry("sender_dependent_relayhost_maps", List.of("postfix-relaymap.cf", "RELAY_HOST", "RELAY_PORT")),
            Map.entry("smtp_sasl_password_maps", List.of("postfix-sasl-password.cf", "RELAY_USER")));

    /// The settings, each with where it comes from: `docker-mailserver`, and in brackets what of the user's had a
    /// say in it.
    Map<String, MainCf.Setting> of(Map<String, String> settings) {
        Map<String, MainCf.Setting> all = new LinkedHashMap<>();
        settings.forEach((name, text) -> all.put(name, new MainCf.Setting(text, origin(name))));
        return all;
    }

    private String origin(String name) {
        List<String> used = SOURCES.getOrDefault(name, List.of()).stream()
                .flatMap(this::used)
                .toList();
        return used.isEmpty() ? OURS : OURS + " (" + String.join(", ", used) + ")";
    }

    /// `mailserver.env:3: SSL_TYPE`, or the name of a file; nothing for what is not there.
    private Stream<String> used(String source) {
        if (source.endsWith(".cf")) {
            return volume.has(source) ? Stream.of(source) : Stream.empty();
        }
        return environment.given(source) == null
                ? Stream.empty()
                : Stream.of(environment.origin(source) + ": " + source);
    }
}
