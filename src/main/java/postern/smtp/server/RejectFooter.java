package postern.smtp.server;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.smtp.Reply;

/// What clients are told behind each refusal, and the log is not: whom to call, and where in the log to look.
final class RejectFooter {
    static final Parameter<String> SMTPD_REJECT_FOOTER = Parameter.raw("smtpd_reject_footer", "")
            .doc("Text behind each 4xx and 5xx reply, with $client_address, $client_port, $localtime, $server_name;"
                    + " \\n begins a line, \\c in front goes on with the last line of the reply.");

    static final List<Parameter<?>> PARAMETERS = List.of(SMTPD_REJECT_FOOTER);

    private static final Pattern NAME = Pattern.compile("\\$(?:\\{\\w+\\}|\\(\\w+\\)|\\w+)");
    private static final DateTimeFormatter LOCAL_TIME =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final String template;
    private final String serverName;

    /// @throws postern.config.ConfigException when the text has a name that stands for nothing
    RejectFooter(MainCf conf) {
        template = conf.get(SMTPD_REJECT_FOOTER);
        serverName = conf.get(MainCf.MYHOSTNAME);
        Matcher names = NAME.matcher(template);
        while (names.find()) {
            if (value(name(names.group()), Client.nameless(null, 0), Instant.EPOCH)
                    .isEmpty()) {
                throw conf.error(
                        SMTPD_REJECT_FOOTER.name(),
                        names.group() + " is none of $client_address, $client_port, $localtime, $server_name",
                        null);
            }
        }
    }

    /// The reply with the footer, where it is a refusal and there is a footer.
    Reply behind(Reply reply, Client client, Instant now) {
        if (template.isEmpty() || reply.isPositive()) {
            return reply;
        }
        String text = NAME.matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(value(name(found.group()), client, now)));
        List<String> lines = new ArrayList<>(reply.lines());
        if (text.startsWith("\\c")) {
            text = lines.removeLast() + text.substring(2);
        }
        lines.addAll(List.of(text.split("\\\\n", -1)));
        return new Reply(reply.code(), reply.status(), lines);
    }

    private static String name(String reference) {
        return reference.replaceAll("[${}()]", "");
    }

    /// Empty when the name stands for nothing.
    private String value(String name, Client client, Instant now) {
        return switch (name) {
            case "client_address" -> client.addressText();
            case "client_port" -> Integer.toString(client.port());
            case "localtime" -> LOCAL_TIME.format(now);
            case "server_name" -> serverName;
            default -> "";
        };
    }
}
