package postern.cleanup;

import postern.log.MailLog;
import postern.smtp.Envelope;
import postern.smtp.Reply;

/// What cleanup(8) says of one message, in Postfix's words: pflogsumm counts them.
///
/// @param id the queue id
record CleanupLog(MailLog log, String id, Envelope envelope, Recipients recipients) {
    private static final int MOST_SHOWN = 200;
    private static final int MOST_OF_A_FLAW = 100;

    /// `ID: text`
    void info(String text) {
        log.info("cleanup", id + ": " + text);
    }

    /// `warning: ID: text`
    void warning(String text) {
        log.warning("cleanup", id + ": " + text);
    }

    /// The queue did not take the message.
    void notWritten(Reply reply) {
        switch (reply.code()) {
            case 552 -> warning("queue file size limit exceeded");
            case 452 -> warning("write queue file: No space left on device");
            default -> warning("write queue file: " + String.join(" ", reply.lines()));
        }
    }

    /// A warning about the configuration, not the message.
    void warnOfTable(String text) {
        log.warning("cleanup", text);
    }

    /// What is wanted cannot be done with mail that is handed over at once.
    ///
    /// @param action HOLD, REDIRECT, BCC or FILTER
    void needsQueue(String action) {
        warning(
                action
                        + " cannot be done with mail that is handed over before it is accepted; it can with postern_handover = queue");
    }

    /// What a table of header_checks(5) has brought about.
    ///
    /// @param what `reject`, `warning` ...
    /// @param kind `header` or `body`
    /// @param content the field or line
    /// @param text what the table says; may be empty
    void check(String what, CheckTable.Kind kind, String content, String text) {
        info(what + ": " + kind + " " + shown(content, MOST_SHOWN) + " from "
                + envelope.peer().label() + "; from=<" + envelope.sender().internal() + "> to=<"
                + recipients.first() + "> proto=" + protocol() + " helo=<"
                + envelope.peer().helo() + ">" + (text.isEmpty() ? "" : ": " + text));
    }

    /// A message whose MIME structure is refused.
    void flaw(String flaw, String where) {
        info("reject: mime-error " + flaw + ": " + shown(where, MOST_OF_A_FLAW) + " from "
                + envelope.peer().label() + "; from=<" + envelope.sender().internal() + "> to=<" + recipients.first()
                + ">");
    }

    /// Postfix's `proto=`: without what TLS and logins add to the word of the Received field.
    private String protocol() {
        return envelope.peer().protocol().startsWith("SMTP") ? "SMTP" : "ESMTP";
    }

    /// The beginning of a text, without control characters.
    private static String shown(String text, int most) {
        StringBuilder shown = new StringBuilder(text.length() > most ? text.substring(0, most) : text);
        for (int i = 0; i < shown.length(); i++) {
            if (shown.charAt(i) < ' ' || shown.charAt(i) == 127) {
                shown.setCharAt(i, '?');
            }
        }
        return shown.toString();
    }
}
