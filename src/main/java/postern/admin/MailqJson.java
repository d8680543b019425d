package postern.admin;

import java.util.stream.Collectors;
import postern.queue.Listing;

/// One message as `postqueue -j` prints it: a JSON object on a line.
final class MailqJson {
    private MailqJson() {}

    static String line(Listing listing) {
        String recipients =
                listing.recipients().stream().map(MailqJson::recipient).collect(Collectors.joining(", "));
        return "{\"queue_name\": " + quote(listing.place().toString()) + ", \"queue_id\": "
                + quote(listing.id().toString()) + ", \"arrival_time\": "
                + listing.arrival().getEpochSecond() + ", \"message_size\": " + listing.size()
                + ", \"forced_expire\": false, \"sender\": " + quote(listing.sender()) + ", \"recipients\": ["
                + recipients + "]}";
    }

    private static String recipient(Listing.Addressee recipient) {
        String reason = recipient.reason().isEmpty() ? "" : ", \"delay_reason\": " + quote(recipient.reason());
        return "{\"address\": " + quote(recipient.address()) + reason + "}";
    }

    /// RFC 8259 §7.
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append((char) c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 127) {
                        quoted.append(String.format("\\u%04X", c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
