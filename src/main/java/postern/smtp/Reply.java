package postern.smtp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A reply (RFC 5321 §4.2): code, enhanced status where there is one (RFC 2034), and its lines of text
/// without either.
///
/// Written at the point of use as one literal, exactly as it goes over the wire: `Reply.of("503 5.5.1 Error:
/// need MAIL command")`.
public record Reply(int code, @Nullable EnhancedStatus status, List<String> lines) {
    public Reply {
        lines = List.copyOf(lines);
    }

    /// Reads one literal: code, optional enhanced status, text.
    public static Reply of(String literal) {
        int code = Integer.parseInt(literal, 0, 3, 10);
        String rest = literal.length() > 4 ? literal.substring(4) : "";
        EnhancedStatus status = EnhancedStatus.leading(rest);
        if (status == null || status.statusClass() != code / 100) {
            return new Reply(code, null, List.of(rest));
        }
        int space = rest.indexOf(' ');
        return new Reply(code, status, List.of(space < 0 ? "" : rest.substring(space + 1)));
    }

    public static Reply of(int code, EnhancedStatus status, String text) {
        return new Reply(code, status, List.of(text));
    }

    public boolean isPositive() {
        return code < 400;
    }

    /// 4xx: the client may come again.
    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    /// 5xx.
    public boolean isPermanent() {
        return code >= 500;
    }

    /// Whether the connection ends with this reply (RFC 5321 §3.8, RFC 7504).
    public boolean closes() {
        return code == 221 || code == 421 || code == 521;
    }

    /// The text, lines joined with spaces.
    public String text() {
        return String.join(" ", lines);
    }

    /// Code, status and text on one line: for the log.
    @Override
    public String toString() {
        return code + (status == null ? "" : " " + status) + (text().isEmpty() ? "" : " " + text());
    }

    /// The reply as it goes over the wire, each line with its end.
    public String wire() {
        StringBuilder wire = new StringBuilder(64);
        for (int i = 0; i < lines.size(); i++) {
            wire.append(code).append(i + 1 < lines.size() ? '-' : ' ');
            if (status != null) {
                wire.append(status).append(' ');
            }
            wire.append(lines.get(i)).append("\r\n");
        }
        return wire.toString();
    }

    /// Thrown where a command cannot go on, and caught once, in `SmtpSession`, which answers with its reply.
    /// Carries no stack.
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Reply reply;

        public Refused(Reply reply) {
            super(reply.toString(), null, false, false);
            this.reply = reply;
        }

        public Refused(String literal) {
            this(Reply.of(literal));
        }

        public Reply reply() {
            return reply;
        }
    }
}
