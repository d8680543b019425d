package postern.queue;

import java.time.ZoneId;
import java.util.List;
import postern.message.MailDate;

/// The part of a notice that is for people.
final class NoticeText {
    private NoticeText() {}

    static String subject(Notice notice) {
        return switch (notice.kind()) {
            case FAILURE -> "Undeliverable: your message came back";
            case DELAY -> "Delayed: your message is still on its way";
            case SUCCESS -> "Delivery report for your message";
            case POSTMASTER_FAILURE -> "Postmaster: undeliverable message from " + sender(notice);
            case POSTMASTER_DELAY -> "Postmaster: delayed message from " + sender(notice);
        };
    }

    /// What stands above the recipients.
    static String opening(Notice notice, String host) {
        String why = switch (notice.kind()) {
            case FAILURE -> """
                            Your message could not be delivered to those named below, for the
                            reasons given there. It will not be tried again.

                            If the reason does not help you, please ask your postmaster, and
                            forward this notice whole.
                            """;
            case DELAY -> """
                            Your message has not reached those named below yet. There is nothing
                            you need to do: please do not send it again. It will be tried until
                            %s, and you will hear if that fails.
                            """.formatted(retryUntil(notice));
            case SUCCESS -> """
                            You asked to hear when your message arrives. This is how far it got.
                            """;
            case POSTMASTER_FAILURE -> """
                            A message could not be delivered. You get this note because
                            notify_classes in main.cf asks for it; nobody needs to answer.
                            """;
            case POSTMASTER_DELAY -> """
                            A message has not been delivered yet, and is still tried. You get this
                            note because notify_classes in main.cf asks for it.
                            """;
        };
        String hello = "This is the mail server at " + Folded.clean(host, false) + ".\n\n";
        return (hello + why).replace("\n", "\r\n");
    }

    /// One recipient and what became of it.
    static String recipient(Report report, boolean utf8) {
        String address = "<" + report.recipient().address() + ">";
        String whole = report.recipient().original().equals(report.recipient().address())
                ? address
                : address + " (you wrote to <" + report.recipient().original() + ">)";
        return "\r\n" + Folded.clean(whole, utf8) + ":\r\n" + Folded.indented(what(report), utf8);
    }

    private static String what(Report report) {
        String text = report.status().text();
        return switch (report.action()) {
            case FAILED, DELAYED -> text;
            case DELIVERED -> "delivered: " + text;
            case RELAYED -> "passed on to a server that sends no such reports: " + text;
            case EXPANDED -> "passed on to the members of a list or alias";
        };
    }

    /// What the last part of a notice is, and how it is called.
    static List<String> returnedPart(Notice notice) {
        boolean whole = notice.returnsText();
        String type = notice.isUtf8()
                ? whole ? "message/global" : "message/global-headers"
                : whole ? "message/rfc822" : "text/rfc822-headers";
        return List.of(whole ? "The message" : "The header of the message", type);
    }

    private static String retryUntil(Notice notice) {
        return notice.retryUntil() == null ? "later" : MailDate.format(notice.retryUntil(), ZoneId.systemDefault());
    }

    private static String sender(Notice notice) {
        return notice.mail().sender().toString();
    }
}
