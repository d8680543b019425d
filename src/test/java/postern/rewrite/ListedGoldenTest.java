package postern.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.config.MainCf;
import postern.lookup.Lookup;

/// Who is known and what is ours to take, held against the replies of a real Postfix.
class ListedGoldenTest {
    private final List<String> differences = new ArrayList<>();
    private int rows;

    @Test
    void repliesToRcptAreWhatPostfixReplies() throws IOException {
        for (Golden.Part part : Golden.read("listed.golden").parts()) {
            MainCf conf = part.conf(Path.of("/nowhere"));
            Routes routes = new Routes(conf, Golden.tables(conf));
            boolean strangers = part.settings().containsKey("smtpd_reject_unlisted_recipient");
            for (String[] row : part.rows()) {
                rows++;
                Address address = Address.ofInternal(row[1]);
                String ours = strangers ? taken(routes, address) : known(routes, address, row[0].equals("sender"));
                String theirs = gist(row[2]);
                // RFC 5321 §3.6: a session takes mail for postmaster without a domain, whatever Routes says.
                boolean isSessions = theirs.equals("503") || (strangers && row[1].equals("postmaster"));
                if (!isSessions && !ours.equals(theirs)) {
                    differences.add(row[0] + " " + row[1] + ": " + ours + ", Postfix " + theirs);
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(rows).isGreaterThan(200);
    }

    /// The code of a reply and, for a refusal of an address, its text without status.
    private static String gist(String reply) {
        int text = reply.indexOf("address rejected: ");
        return reply.substring(0, 3) + (text < 0 ? "" : " " + reply.substring(text + "address rejected: ".length()));
    }

    private static String known(Routes routes, Address address, boolean asSender) {
        if (routes.resolve(postern.address.Path.NULL, address) instanceof Resolved.To to && to.isBad()) {
            return asSender ? "503" : "501";
        }
        return switch (asSender ? routes.knownSender(address) : routes.known(address)) {
            case Listing.Listed() -> "250";
            case Listing.Unlisted(var _, String transport, String text) ->
                (transport.equals("retry") ? "450 " : "550 ") + text.replaceFirst("^\\d\\.\\d\\.\\d ", "");
            case Listing.TempFail _ -> "451";
        };
    }

    private static String taken(Routes routes, Address address) {
        if (routes.resolve(postern.address.Path.NULL, address) instanceof Resolved.To to && to.isBad()) {
            return "501";
        }
        return routes.isAuthorizedDestination(address) instanceof Lookup.Found ? "250" : "554";
    }
}
