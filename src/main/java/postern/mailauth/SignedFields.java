package postern.mailauth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Which header fields a signature covers, in the order of its `h=` (RFC 6376 §5.4).
///
/// @param names From first, which is always signed
/// @param oversigned named once more than they occur, so that nobody can add one (RFC 6376 §8.15); in lower
///     case
public record SignedFields(List<String> names, Set<String> oversigned) {
    /// RFC 6376 §5.4.1, and what rspamd signs beyond.
    private static final List<String> ALL = List.of(
            "From",
            "Sender",
            "Reply-To",
            "Subject",
            "Date",
            "Message-ID",
            "To",
            "Cc",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
            "Resent-To",
            "Resent-Cc",
            "Resent-From",
            "Resent-Sender",
            "Resent-Message-ID",
            "In-Reply-To",
            "References",
            "List-Id",
            "List-Help",
            "List-Owner",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "List-Subscribe",
            "List-Post",
            "Autocrypt");

    private static final List<String> OVERSIGNED = List.of("From", "Reply-To", "Subject", "Date", "To", "Cc");

    /// All that say who, to whom, when and what.
    public static final SignedFields USUAL = without(List.of());

    /// The usual ones but for those that some relays write anew, as DMS tells opendkim (`OmitHeaders`): so a
    /// signature survives Amazon's SES.
    public static final SignedFields AS_OPENDKIM =
            without(List.of("Message-ID", "Date", "List-ID", "List-Unsubscribe"));

    boolean isOversigned(String name) {
        return oversigned.contains(name.toLowerCase(Locale.ROOT));
    }

    private static SignedFields without(List<String> omitted) {
        return new SignedFields(rest(ALL, omitted), lower(rest(OVERSIGNED, omitted)));
    }

    private static List<String> rest(List<String> names, List<String> omitted) {
        List<String> rest = new ArrayList<>(names);
        rest.removeIf(name -> omitted.stream().anyMatch(name::equalsIgnoreCase));
        return List.copyOf(rest);
    }

    private static Set<String> lower(List<String> names) {
        Set<String> lower = new TreeSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return Set.copyOf(lower);
    }
}
