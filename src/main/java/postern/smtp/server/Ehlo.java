package postern.smtp.server;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import postern.smtp.Extension;
import postern.smtp.Offered;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;
import postern.smtp.extension.Extensions;

/// EHLO (RFC 5321 §4.1.1.1): the client's name, answered with the extensions on offer. Where LMTP is spoken it is
/// LHLO (RFC 2033 §4.1), and neither word does for the other.
///
/// @param lmtp whether it was LHLO
record Ehlo(String name, boolean lmtp) implements Command {
    static Command parse(SmtpParser parser) {
        return new Ehlo(parser.heloName("501 Syntax: EHLO hostname"), false);
    }

    static Command parseLhlo(SmtpParser parser) {
        return new Ehlo(parser.heloName("501 Syntax: LHLO hostname"), true);
    }

    /// @throws Reply.Refused when the other protocol is spoken here
    static void require(boolean lmtp, SmtpSession session) {
        if (lmtp != session.conf(SessionParameters.POSTERN_SMTPD_LMTP)) {
            throw new Reply.Refused(
                    lmtp ? "500 5.5.2 Error: command not recognized" : "500 5.5.1 Error: this is LMTP, say LHLO");
        }
    }

    @Override
    public Reply run(SmtpSession session) {
        require(lmtp, session);
        Reply refusal = session.hello(name, true);
        if (refusal != null) {
            return refusal;
        }
        if (!session.discards("SILENT-DISCARD")) {
            tellDiscarded(session);
        }
        return new Reply(250, null, lines(session));
    }

    /// What is hidden from this client, unless the whole server does without it.
    private static void tellDiscarded(SmtpSession session) {
        String keywords = Extensions.ALL.stream()
                .map(Extension::keyword)
                .filter(session::discards)
                .filter(keyword -> !keyword.equals("VRFY") || !session.conf(SmtpServer.DISABLE_VRFY_COMMAND))
                .filter(keyword -> !keyword.equals("SMTPUTF8") || session.conf(SmtpServer.SMTPUTF8_ENABLE))
                .collect(Collectors.joining(" "));
        if (!keywords.isEmpty()) {
            session.log().info("discarding EHLO keywords: " + keywords);
        }
    }

    private static List<String> lines(SmtpSession session) {
        SmtpServer server = session.server();
        Offered offered = server.offered(session.identity());
        Extension.Offer offer = new Extension.Offer(
                session.tls() != null,
                server.tls() != null,
                offered.smaller(session.conf(Content.MESSAGE_SIZE_LIMIT)),
                session.conf(Rcpt.SMTPD_RECIPIENT_LIMIT),
                Auth.mechanisms(session),
                server.mayUseXClient(session.caller(), session.identity()),
                server.mayUseXForward(session.identity()),
                session.fates() != null,
                server.intake(session.identity()).answersEach());
        List<String> lines = new ArrayList<>(Extensions.ALL.size() + 1);
        lines.add(session.hostname());
        for (Extension extension : Extensions.ALL) {
            String keyword = extension.keyword();
            boolean hidden = session.discards(keyword) || offered.without().contains(keyword);
            String line = hidden ? null : extension.ehlo(offer);
            if (line != null) {
                lines.add(line);
                if (line.startsWith("AUTH ") && session.conf(Auth.BROKEN_SASL_AUTH_CLIENTS)) {
                    lines.add(line.replaceFirst(" ", "="));
                }
            }
        }
        return lines;
    }
}
