package postern.cleanup;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.message.AddressScan;
import postern.message.Field;
import postern.rewrite.Canonical;
import postern.rewrite.Rewritten;
import postern.rewrite.StandardForm;
import postern.smtp.Reply;

/// Addresses in header fields in standard form, and by the tables of the configuration
/// (ADDRESS_REWRITING_README). Only an address that changes is replaced: a field without one stays as it is, byte
/// for byte, and so does everything beside it (Postfix writes the whole field anew).
final class HeaderRewrite {
    private static final List<String> SENDERS = List.of(
            "From",
            "Sender",
            "Reply-To",
            "Resent-From",
            "Resent-Sender",
            "Errors-To",
            "Return-Receipt-To",
            "Disposition-Notification-To",
            "Mail-Followup-To");
    private static final List<String> RECIPIENTS =
            List.of("To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc", "Resent-Reply-To", "Apparently-To");

    private final StandardForm form;
    private final Canonical canonical;

    HeaderRewrite(StandardForm form, Canonical canonical) {
        this.form = form;
        this.canonical = canonical;
    }

    /// The field as it goes on.
    ///
    /// @throws Reply.Refused (451 4.3.0) when a table could not be asked
    Field rewritten(Field field, CleanupLog log) {
        Canonical.Place place = place(field);
        if (place == null) {
            return field;
        }
        String value = field.rawValue();
        StringBuilder next = null;
        int done = 0;
        for (AddressScan.Found found : AddressScan.of(value)) {
            Address address = rewritten(place, found.address(), log);
            if (found.route() || !address.internal().equals(found.address().internal())) {
                next = next == null ? new StringBuilder() : next;
                next.append(value, done, found.from()).append(bytes(address));
                done = found.to();
            }
        }
        return next == null
                ? field
                : field.withRawValue(next.append(value, done, value.length()).toString());
    }

    /// Where addresses of a field stand, or null when it has none.
    private static Canonical.@Nullable Place place(Field field) {
        if (isOneOf(SENDERS, field)) {
            return Canonical.Place.HEADER_SENDER;
        }
        return isOneOf(RECIPIENTS, field) ? Canonical.Place.HEADER_RECIPIENT : null;
    }

    private static boolean isOneOf(List<String> names, Field field) {
        for (int i = 0; i < names.size(); i++) {
            if (field.isNamed(names.get(i))) {
                return true;
            }
        }
        return false;
    }

    private Address rewritten(Canonical.Place place, Address address, CleanupLog log) {
        return switch (canonical.rewrite(place, form.of(address))) {
            case Rewritten.To(Address to) -> to;
            case Rewritten.TempFail(String reason) -> {
                log.warning(reason + " for " + address.internal() + " -- message not accepted, try again later");
                throw new Reply.Refused("451 4.3.0 Error: queue file write error");
            }
        };
    }

    /// The address as a field has it, a character for each byte.
    private static String bytes(Address address) {
        return new String(address.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
