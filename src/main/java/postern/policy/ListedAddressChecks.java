package postern.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.Parameter;
import postern.rewrite.Listing;
import postern.rewrite.Resolved.AddressClass;
import postern.smtp.EnhancedStatus;

/// `reject_unlisted_recipient` and `reject_unlisted_sender`: addresses that are not in the table of their
/// class.
final class ListedAddressChecks {
    static final Parameter<Boolean> SMTPD_REJECT_UNLISTED_RECIPIENT = Parameter.bool(
                    "smtpd_reject_unlisted_recipient", "yes")
            .doc("whether unknown recipients are refused without a restriction that says so");
    static final Parameter<Boolean> SMTPD_REJECT_UNLISTED_SENDER = Parameter.bool("smtpd_reject_unlisted_sender", "no")
            .doc("whether senders that would be unknown as recipients are refused");
    static final Parameter<Integer> UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE = Parameter.integer(
                    "unknown_local_recipient_reject_code", "550")
            .doc("code for who is not in local_recipient_maps");
    static final Parameter<Integer> UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE = Parameter.integer(
                    "unknown_virtual_alias_reject_code", "550")
            .doc("code for who is not in virtual_alias_maps");
    static final Parameter<Integer> UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE = Parameter.integer(
                    "unknown_virtual_mailbox_reject_code", "550")
            .doc("code for who is not in virtual_mailbox_maps");
    static final Parameter<Integer> UNKNOWN_RELAY_RECIPIENT_REJECT_CODE = Parameter.integer(
                    "unknown_relay_recipient_reject_code", "550")
            .doc("code for who is not in relay_recipient_maps");

    static final List<Parameter<?>> PARAMETERS = List.of(
            SMTPD_REJECT_UNLISTED_RECIPIENT,
            SMTPD_REJECT_UNLISTED_SENDER,
            UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE,
            UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE,
            UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE,
            UNKNOWN_RELAY_RECIPIENT_REJECT_CODE);

    private ListedAddressChecks() {}

    /// @param subject SENDER or RECIPIENT
    static Restriction rejectUnlisted(Subject subject, PolicyContext context) {
        return check -> {
            Address address = AddressChecks.address(subject, check.request());
            if (address == null) {
                return Outcome.DUNNO;
            }
            Listing listing = subject == Subject.SENDER
                    ? context.routes().knownSender(address)
                    : context.routes().known(address);
            return switch (listing) {
                case Listing.Listed() -> Outcome.DUNNO;
                case Listing.Unlisted unlisted -> refuse(check, subject, unlisted, context);
                case Listing.TempFail(String reason) -> {
                    context.warn(reason);
                    yield check.lookupFailed(address.internal());
                }
            };
        };
    }

    private static Outcome refuse(Check check, Subject subject, Listing.Unlisted unlisted, PolicyContext context) {
        EnhancedStatus leading = EnhancedStatus.leading(unlisted.text());
        String text = leading == null ? unlisted.text() : afterFirstWord(unlisted.text());
        boolean retry = unlisted.transport().equals("retry");
        if (!unlisted.transport().isEmpty()) {
            EnhancedStatus status = leading == null ? plain(subject) : subject.fix(leading);
            return check.reject(subject, code(unlisted.addressClass(), retry, context), status, text);
        }
        return check.reject(subject, code(unlisted.addressClass(), false, context), plain(subject), text);
    }

    private static EnhancedStatus plain(Subject subject) {
        return subject == Subject.SENDER ? Statuses.SENDER_OTHER : Statuses.RECIPIENT_ADDRESS;
    }

    private static String afterFirstWord(String text) {
        return text.substring(Texts.wordEnd(text)).strip();
    }

    private static int code(AddressClass addressClass, boolean retry, PolicyContext context) {
        if (retry) {
            return 450;
        }
        Parameter<Integer> parameter = parameter(addressClass);
        return parameter == null ? 550 : context.code(parameter);
    }

    private static @Nullable Parameter<Integer> parameter(AddressClass addressClass) {
        return switch (addressClass) {
            case LOCAL -> UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE;
            case VIRTUAL_ALIAS -> UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE;
            case VIRTUAL_MAILBOX -> UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE;
            case RELAY -> UNKNOWN_RELAY_RECIPIENT_REJECT_CODE;
            case DEFAULT -> null;
        };
    }
}
