package postern.message;

import org.jspecify.annotations.Nullable;

/// The trace field that a receiving server puts in front (RFC 5321 §4.4), folded as Postfix folds it.
///
/// @param helo what the client said in HELO or EHLO
/// @param client `name [address]`; empty for mail made here
/// @param tls Postfix's words about TLS without parentheses; empty in clear
/// @param login the login to show (`smtpd_sasl_authenticated_header`), or empty
/// @param by `myhostname`
/// @param product `mail_name`
/// @param protocol `ESMTPS`; empty for mail made here
/// @param recipient the only recipient, or null when there are several
/// @param date see [MailDate]
public record Received(
        String helo,
        String client,
        String tls,
        String login,
        String by,
        String product,
        String protocol,
        String id,
        @Nullable String recipient,
        String date) {

    /// The field with its line ends.
    public String text() {
        StringBuilder text = new StringBuilder(300).append("Received: ");
        if (!client.isEmpty()) {
            text.append("from ")
                    .append(printable(helo))
                    .append(" (")
                    .append(printable(client))
                    .append(")\r\n\t");
            if (!tls.isEmpty()) {
                text.append('(').append(tls).append(")\r\n\t");
            }
            if (!login.isEmpty()) {
                text.append("(Authenticated sender: ").append(printable(login)).append(")\r\n\t");
            }
        }
        text.append("by ").append(by).append(" (").append(product).append(')');
        if (!protocol.isEmpty()) {
            text.append(" with ").append(protocol);
        }
        text.append(" id ").append(id);
        if (recipient != null) {
            text.append("\r\n\tfor ").append(printable(recipient));
        }
        return text.append("; ").append(date).append("\r\n").toString();
    }

    /// What a client said, made harmless: no control characters, and parentheses cannot end a comment.
    private static String printable(String said) {
        StringBuilder text = new StringBuilder(said.length());
        for (int i = 0; i < said.length(); i++) {
            char c = said.charAt(i);
            text.append(c < ' ' || c == 127 || c == '(' || c == ')' || c == '\\' ? '?' : c);
        }
        return text.toString();
    }
}
