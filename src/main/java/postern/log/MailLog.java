package postern.log;

/// Where the server says what happened. One line per event, whole literals at the point of use, so that a
/// line of the log leads to a line of the code by one search.
public interface MailLog {
    /// Writes one line for a Postfix service: `smtpd`, `smtp`, `cleanup`, `qmgr`, `bounce`, `postern` (ours).
    /// A service name may carry a syslog name of its own in front (`submission/smtpd`). Line ends in the text
    /// become `?`.
    void info(String service, String text);

    /// The same with Postfix's `warning: ` in front.
    default void warning(String service, String text) {
        info(service, "warning: " + text);
    }

    /// A log that keeps nothing.
    static MailLog none() {
        return (service, text) -> {};
    }
}
