package postern.policy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import postern.net.Endpoint;
import postern.net.TlsFacts;

/// What a policy server is told of a request: one `name=value` per line, in Postfix's order, then an empty
/// line (SMTPD_POLICY_README).
final class PolicyAttributes {
    private final Certificates certificates;

    PolicyAttributes(Certificates certificates) {
        this.certificates = certificates;
    }

    byte[] of(Check check, String policyContext) {
        PolicyRequest request = check.request();
        Lines lines = new Lines();
        lines.add("request", "smtpd_access_policy");
        lines.add("protocol_state", check.where().label(request));
        lines.add("protocol_name", request.protocol());
        client(lines, request);
        lines.add("helo_name", request.helo());
        lines.add("sender", Subject.sender(request));
        lines.add("recipient", Subject.recipient(request));
        lines.add("recipient_count", Integer.toString(recipients(check)));
        lines.add("queue_id", request.queueId());
        lines.add("instance", request.instance());
        lines.add("size", Long.toString(request.size()));
        lines.add("etrn_domain", "");
        lines.add("stress", "");
        lines.add("sasl_method", request.loginMethod());
        lines.add("sasl_username", request.login());
        lines.add("sasl_sender", "");
        encryption(lines, request);
        lines.add("policy_context", policyContext);
        return lines.end();
    }

    private static void client(Lines lines, PolicyRequest request) {
        lines.add("client_address", Subject.address(request));
        lines.add("client_name", request.clientName());
        lines.add("client_port", Integer.toString(request.clientPort()));
        lines.add("reverse_client_name", request.reverseClientName());
        InetAddress server = request.serverAddress();
        lines.add("server_address", Endpoint.of(server, 0).text());
        lines.add("server_port", Integer.toString(request.serverPort()));
    }

    /// Not known before all recipients are there.
    private static int recipients(Check check) {
        return check.where() == Where.DATA || check.where() == Where.END_OF_MESSAGE
                ? check.request().recipientCount()
                : 0;
    }

    private void encryption(Lines lines, PolicyRequest request) {
        TlsFacts tls = request.tls();
        X509Certificate trusted = tls != null && tls.trusted() ? Certificates.certificate(request) : null;
        lines.add("ccert_subject", trusted == null ? "" : commonName(trusted.getSubjectX500Principal()));
        lines.add("ccert_issuer", trusted == null ? "" : commonName(trusted.getIssuerX500Principal()));
        lines.add("ccert_fingerprint", certificates.fingerprint(request));
        lines.add("ccert_pubkey_fingerprint", certificates.publicKeyFingerprint(request));
        lines.add("encryption_protocol", tls == null ? "" : tls.protocol());
        lines.add("encryption_cipher", tls == null ? "" : tls.cipher());
        lines.add("encryption_keysize", tls == null ? "0" : Integer.toString(tls.bits()));
    }

    private static String commonName(X500Principal principal) {
        try {
            for (Rdn part : new LdapName(principal.getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return part.getValue().toString();
                }
            }
            return "";
        } catch (InvalidNameException e) {
            return "";
        }
    }

    /// The request as it is written.
    private static final class Lines {
        private final StringBuilder text = new StringBuilder(600);

        /// A value is one line, whatever is in it.
        void add(String name, String value) {
            text.append(name)
                    .append('=')
                    .append(Texts.oneLine(value, value.length()))
                    .append('\n');
        }

        byte[] end() {
            return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        }
    }
}
