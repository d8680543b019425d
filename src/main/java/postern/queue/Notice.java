package postern.queue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.smtp.Params;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.EightBitMime;
import postern.smtp.extension.SmtpUtf8;

/// A delivery status notification (RFC 3464) that is to be written.
///
/// @param mail what it is about
/// @param to who gets it: the sender, or a postmaster
/// @param returnsText whether the message comes back whole, not its header alone
/// @param retryUntil for a delay: when the message will be given up
record Notice(
        Kind kind,
        Mail mail,
        List<Report> reports,
        Address to,
        boolean returnsText,
        @Nullable Instant retryUntil) {
    /// What it is for.
    enum Kind {
        FAILURE("sender non-delivery notification"),
        DELAY("sender delay notification"),
        SUCCESS("sender delivery status notification"),
        POSTMASTER_FAILURE("postmaster non-delivery notification"),
        POSTMASTER_DELAY("postmaster delay notification");

        private final String logged;

        Kind(String logged) {
            this.logged = logged;
        }

        String logged() {
            return logged;
        }

        boolean isForPostmaster() {
            return this == POSTMASTER_FAILURE || this == POSTMASTER_DELAY;
        }
    }

    Notice {
        reports = List.copyOf(reports);
    }

    /// The same for a message that cannot be read.
    Notice withoutText() {
        return new Notice(kind, mail, reports, to, false, retryUntil);
    }

    /// Whether it needs the forms of RFC 6533, and SMTPUTF8 to travel.
    boolean isUtf8() {
        return mail.utf8Header()
                || to.isUtf8()
                || isUtf8(mail.sender().address())
                || reports.stream()
                        .anyMatch(report -> report.recipient().address().isUtf8()
                                || report.recipient().original().isUtf8());
    }

    boolean isEightBit() {
        return mail.eightBit() || isUtf8();
    }

    /// What MAIL says of it.
    Params params() {
        Params params = isEightBit() ? Params.NONE.with(EightBitMime.BODY, EightBitMime.Body.EIGHT_BIT) : Params.NONE;
        return isUtf8() ? params.with(SmtpUtf8.SMTPUTF8, true) : params;
    }

    /// The sender's name for the message (RFC 3461 §4.4); empty when none was given.
    String envelopeId() {
        return mail.params().get(Dsn.ENVID, "");
    }

    private static boolean isUtf8(@Nullable Address address) {
        return address != null && address.isUtf8();
    }
}
