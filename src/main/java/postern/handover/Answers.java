package postern.handover;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import postern.log.MailLog;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;
import postern.smtp.client.SmtpDialog;
import postern.smtp.client.SmtpFailure;
import postern.smtp.client.TargetHost;

/// What our client hears of what a next hop says. A refusal passes on with code and text; but trouble that
/// is the next hop's own, or ours with it, is 451 to a recipient or to the end of data: 421 or a refused
/// MAIL would hold back all mail of a sending Postfix. Of a next hop of ours neither its name nor a private
/// address gets out.
final class Answers {
    private static final Reply CONFIGURATION = Reply.of("451 4.3.5 Server configuration error");
    /// MAIL was refused for a reason that is not the sender.
    static final Reply OTHER_TROUBLE = Reply.of("451 4.3.0 Next hop cannot take this message now");

    /// 503 is about our commands (RFC 5321 §4.2.2): no message is to be lost for it.
    private static final Reply OUT_OF_ORDER =
            Reply.of("451 4.3.0 Next hop lost the order of commands, try again later");

    private static final String TRY_AGAIN = "Next hop is not available, try again later";

    /// Addresses that nobody outside can reach (RFC 1918, RFC 6598, RFC 4193, RFC 3927, loopback).
    private static final Pattern PRIVATE_ADDRESS = Pattern.compile(
            "\\[?(?<![\\w.:])(?:(?:10|127)(?:\\.\\d{1,3}){3}|(?:192\\.168|169\\.254)(?:\\.\\d{1,3}){2}"
                    + "|172\\.(?:1[6-9]|2\\d|3[01])(?:\\.\\d{1,3}){2}"
                    + "|100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])(?:\\.\\d{1,3}){2}"
                    + "|(?:IPv6:)?(?:(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):[0-9a-f:]*(?:%\\w+)?|::1))(?![\\w:]|\\.\\d)\\]?",
            Pattern.CASE_INSENSITIVE);

    /// Names that mean something at home only (RFC 6762, RFC 8375, RFC 6761, and what people use).
    private static final Pattern PRIVATE_NAME = Pattern.compile(
            "(?<![\\w.@-])(?:[\\w-]+\\.)+(?:local|localdomain|internal|intranet|private|corp|home|lan|home\\.arpa)\\b(?![.-]\\w)"
                    + "|(?<![\\w.@-])localhost\\b(?![.-]\\w)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+");

    private static final String HIDDEN = "[next-hop]";

    private final Way.To way;
    private final MailLog log;

    Answers(Way.To way, MailLog log) {
        this.way = way;
        this.log = log;
    }

    /// Whether an answer to RCPT says that the next hop could not be asked.
    static boolean isAway(Reply reply) {
        return reply.code() == 451 && reply.lines().equals(List.of(TRY_AGAIN));
    }

    /// To RCPT, to DATA, to the end of data.
    Reply of(Reply said, SmtpDialog dialog) {
        TargetHost host = dialog.host();
        return of(said, List.of(host.name(), dialog.features().name(), host.address()));
    }

    /// @param names what the server is called
    private Reply of(Reply said, List<String> names) {
        if (said.isPositive()) {
            return redacted(said, said.code(), names);
        }
        if (way.ours() && isOurFault(said)) {
            log.warning(
                    way.service(),
                    way.nextHop() + " refuses mail for " + way.address().domain() + ", which relay_domains names: "
                            + said);
            return CONFIGURATION;
        }
        if (said.code() == 503) {
            log.warning(way.service(), way.nextHop() + " says that commands are out of order: " + said);
            return OUT_OF_ORDER;
        }
        // neither code may close our client's session
        return redacted(said, said.code() == 421 ? 451 : said.code() == 521 ? 550 : said.code(), names);
    }

    /// To MAIL: what is about the sender is the recipient's answer, all else is 451.
    Reply ofMail(Reply said, SmtpDialog dialog) {
        return isAboutSender(said) ? of(said, dialog) : OTHER_TROUBLE;
    }

    /// When no server could be brought to answer, or the message does not fit it. A server of ours that does
    /// not want the client for whom we came has answered it: that passes on.
    Reply of(SmtpFailure failure) {
        Reply said = failure.reply();
        if (said != null && failure.isAboutClient()) {
            return ofClient(said, failure);
        }
        EnhancedStatus status = failure.status();
        if (way.ours() && failure.reply() == null && isRoute(status)) {
            log.warning(
                    way.service(),
                    way.nextHop() + ", the next hop of " + way.address().domain() + ", which relay_domains names: "
                            + failure.text());
            return CONFIGURATION;
        }
        if (failure.reply() != null || !failure.isPermanent()) {
            EnhancedStatus why = failure.reply() == null ? status.withClass(4) : new EnhancedStatus(4, 3, 0);
            return Reply.of(451, why, TRY_AGAIN);
        }
        int code = switch (status.subject() * 1000 + status.detail()) {
            case 3004 -> 552;
            case 1003 -> 501;
            case 1010 -> 556;
            default -> 550;
        };
        return Reply.of(code, status, text(status));
    }

    /// A refusal instead of a greeting often begins with the name of the server.
    private Reply ofClient(Reply said, SmtpFailure failure) {
        String first = said.text().strip().split("\\s+", 2)[0];
        String name = HOST_NAME.matcher(first).matches() ? first : "";
        return of(said, List.of(failure.host(), name));
    }

    /// Whether the way itself is at fault: no such host, no mail host, or back to us.
    private static boolean isRoute(EnhancedStatus status) {
        return switch (status.statusClass() * 100_000 + status.subject() * 1000 + status.detail()) {
            case 501010, 504004, 504006, 403005 -> true;
            default -> false;
        };
    }

    private static String text(EnhancedStatus status) {
        return switch (status.subject() * 1000 + status.detail()) {
            case 3004 -> "Message size exceeds what the recipient's server takes";
            case 6007 -> "SMTPUTF8 is required, but the recipient's server does not offer it";
            case 1003 -> "Bad recipient address syntax";
            case 1010 -> "Domain does not accept mail (nullMX)";
            case 4004 -> "Host or domain name not found";
            default -> "Message cannot be delivered";
        };
    }

    /// RFC 3463 §3.2 and §3.8, and what RFC 7372 adds for SPF and its kin; the size.
    private static boolean isAboutSender(Reply said) {
        EnhancedStatus status = said.status();
        return switch (status == null ? 0 : status.subject() * 1000 + status.detail()) {
            case 1007, 1008, 3004 -> true;
            case 7001, 7020, 7021, 7022, 7023, 7024, 7025, 7026, 7027 -> true;
            default -> said.code() == 552 || said.code() == 553;
        };
    }

    private static boolean isOurFault(Reply said) {
        String text = said.text().toLowerCase(Locale.ROOT);
        return text.contains("relay access denied")
                || text.contains("relaying denied")
                || text.contains("relay not permitted")
                || text.contains("loops back");
    }

    private Reply redacted(Reply said, int code, List<String> names) {
        EnhancedStatus status = said.status();
        EnhancedStatus fitting = status == null || status.statusClass() == code / 100 ? status : null;
        List<String> lines = way.ours()
                ? said.lines().stream().map(line -> redacted(line, names)).toList()
                : said.lines();
        return new Reply(code, fitting, lines);
    }

    private static String redacted(String line, List<String> names) {
        String text = line;
        for (String name : names) {
            if (name.length() > 3 && contains(text, name)) {
                text = Pattern.compile(
                                "(?<![\\w.@-])" + Pattern.quote(name) + "(?![\\w-]|\\.\\w)", Pattern.CASE_INSENSITIVE)
                        .matcher(text)
                        .replaceAll(HIDDEN)
                        .replace("[" + HIDDEN + "]", HIDDEN);
            }
        }
        if (!mayTell(text)) {
            return text;
        }
        text = PRIVATE_NAME.matcher(text).replaceAll(HIDDEN);
        return PRIVATE_ADDRESS.matcher(text).replaceAll(HIDDEN);
    }

    /// Most replies name nobody: no expression is run over them. Names have a dot within, addresses that or
    /// a colon behind a digit or a colon.
    private static boolean mayTell(String text) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            char before = text.charAt(i - 1);
            if (c == '.' && before > ' ' && i + 1 < text.length() && text.charAt(i + 1) > ' ') {
                return true;
            }
            if (c == ':' && (before == ':' || Character.digit(before, 16) >= 0)) {
                return true;
            }
        }
        return contains(text, "localhost");
    }

    private static boolean contains(String text, String name) {
        for (int i = 0; i + name.length() <= text.length(); i++) {
            if (text.regionMatches(true, i, name, 0, name.length())) {
                return true;
            }
        }
        return false;
    }
}
