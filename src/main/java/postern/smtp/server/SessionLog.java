package postern.smtp.server;

import postern.smtp.Reply;

/// What the log tells of a session, in Postfix's words: pflogsumm, fail2ban and people read that.
final class SessionLog {
    private final SmtpSession session;

    SessionLog(SmtpSession session) {
        this.session = session;
    }

    void info(String text) {
        session.server().log(text);
    }

    void warning(String text) {
        session.server().warning(text);
    }

    /// `NOQUEUE: reject: RCPT from name[address]: 554 5.7.1 …; from=<…> to=<…> proto=ESMTP helo=<…>`
    void refusal(SessionRequest about, Reply reply) {
        refusal(about, reply.toString());
    }

    void refusal(SessionRequest about, String text) {
        String id = about.queueId();
        info((id.isEmpty() ? "NOQUEUE" : id) + ": reject: " + session.where() + " from " + session.label() + ": " + text
                + ";" + about.known());
    }

    /// A message has begun, and this is where it comes from.
    void client(String id) {
        Identity identity = session.identity();
        Identity.Forwarded forwarded = identity.forwarded();
        StringBuilder text = new StringBuilder(id).append(": client=").append(session.label());
        if (identity.isLoggedIn()) {
            text.append(", sasl_method=").append(identity.loginMethod());
            text.append(", sasl_username=").append(identity.relay().isEmpty() ? identity.login() : identity.relay());
        }
        if (forwarded != null) {
            if (!forwarded.identity().isEmpty()) {
                text.append(", orig_queue_id=").append(forwarded.identity());
            }
            text.append(", orig_client=").append(forwarded.name());
            text.append('[').append(forwarded.address()).append(']');
        }
        info(text.toString());
    }

    /// A command was refused for the address in it, which is what is told of its line.
    void illegalAddress(Verb verb, String line) {
        String text = line.substring(verb.name().length()).strip();
        if (verb != Verb.VRFY) {
            text = text.substring(text.indexOf(':') + 1).strip();
            int end = text.startsWith("<") ? text.lastIndexOf('>') + 1 : text.indexOf(' ');
            text = end > 0 ? text.substring(0, end) : text;
        }
        warning("Illegal address syntax from " + session.label() + " in " + verb + " command: " + shortened(text));
    }

    /// Somebody speaks another protocol.
    void notMail(String line) {
        warning("non-" + session.identity().protocol() + " command from " + session.label() + ": " + shortened(line));
    }

    /// The connection ended before the session did.
    void lost(boolean timeout) {
        info((timeout ? "timeout" : "lost connection") + " after " + session.where() + " from " + session.label());
    }

    /// A fault of ours.
    void fault(RuntimeException fault) {
        StackTraceElement[] stack = fault.getStackTrace();
        warning(session.label() + ": " + session.where() + ": " + fault + (stack.length == 0 ? "" : " at " + stack[0]));
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) : text;
    }
}
