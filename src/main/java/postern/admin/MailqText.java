package postern.admin;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import postern.queue.Listing;

/// The list of mailq(1): columns, reasons in parentheses, `*` for active and `!` for held.
final class MailqText {
    private static final String COLUMNS = "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss ", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int REASON_END = 76;

    private long bytes;
    private int messages;

    /// One message, without the last line's end but with an empty line behind; the first has the columns'
    /// names above.
    String entry(Listing listing) {
        StringBuilder out = new StringBuilder(messages == 0 ? COLUMNS : "");
        bytes += listing.size();
        messages++;
        String sender = listing.sender().isEmpty() ? "MAILER-DAEMON" : listing.sender();
        out.append(row(listing.id() + mark(listing.place()), listing.size(), TIME.format(listing.arrival()), sender));
        String said = "";
        for (Listing.Addressee recipient : listing.recipients()) {
            if (!recipient.reason().isEmpty() && !recipient.reason().equals(said)) {
                said = recipient.reason();
                out.append(" ".repeat(Math.max(0, REASON_END - said.length())))
                        .append('(')
                        .append(said)
                        .append(")\n");
            }
            out.append(row("", "", "", recipient.address()));
        }
        return out.toString();
    }

    String end() {
        return messages == 0
                ? "Mail queue is empty"
                : "-- " + bytes / 1024 + " Kbytes in " + messages + " Request" + (messages == 1 ? "" : "s") + ".";
    }

    private static String row(String id, Object size, String time, String address) {
        return String.format("%-11s %7s %20s %s%n", id, size, time, address);
    }

    private static String mark(Listing.Place place) {
        return switch (place) {
            case ACTIVE -> "*";
            case HOLD -> "!";
            case INCOMING, DEFERRED -> "";
        };
    }
}
