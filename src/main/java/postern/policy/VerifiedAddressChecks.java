package postern.policy;

import java.util.List;
import postern.address.Address;
import postern.config.Parameter;
import postern.smtp.EnhancedStatus;

/// `reject_unverified_recipient` and `reject_unverified_sender`.
final class VerifiedAddressChecks {
    static final Parameter<Integer> UNVERIFIED_RECIPIENT_REJECT_CODE = Parameter.integer(
                    "unverified_recipient_reject_code", "450")
            .doc("code for a recipient that was probed and is undeliverable");
    static final Parameter<Integer> UNVERIFIED_RECIPIENT_DEFER_CODE = Parameter.integer(
                    "unverified_recipient_defer_code", "450")
            .doc("code for a recipient that could not be probed");
    static final Parameter<String> UNVERIFIED_RECIPIENT_REJECT_REASON = Parameter.text(
                    "unverified_recipient_reject_reason", "")
            .doc("said instead of what the next hop said of a recipient");
    static final Parameter<Integer> UNVERIFIED_SENDER_REJECT_CODE = Parameter.integer(
                    "unverified_sender_reject_code", "450")
            .doc("code for a sender that was probed and is undeliverable");
    static final Parameter<Integer> UNVERIFIED_SENDER_DEFER_CODE =
            Parameter.integer("unverified_sender_defer_code", "450").doc("code for a sender that could not be probed");
    static final Parameter<String> UNVERIFIED_SENDER_REJECT_REASON = Parameter.text(
                    "unverified_sender_reject_reason", "")
            .doc("said instead of what the next hop said of a sender");

    static final List<Parameter<?>> PARAMETERS = List.of(
            UNVERIFIED_RECIPIENT_REJECT_CODE,
            UNVERIFIED_RECIPIENT_DEFER_CODE,
            UNVERIFIED_RECIPIENT_REJECT_REASON,
            UNVERIFIED_SENDER_REJECT_CODE,
            UNVERIFIED_SENDER_DEFER_CODE,
            UNVERIFIED_SENDER_REJECT_REASON);

    private static final int LONGEST_REASON = 250;

    /// How one subject is refused.
    private record Codes(int reject, int defer, String reason, TempfailAction tempfail, EnhancedStatus status) {
        static Codes of(Subject subject, PolicyContext context) {
            return subject == Subject.SENDER
                    ? new Codes(
                            context.code(UNVERIFIED_SENDER_REJECT_CODE),
                            context.code(UNVERIFIED_SENDER_DEFER_CODE),
                            context.conf(UNVERIFIED_SENDER_REJECT_REASON),
                            context.conf(TempfailAction.UNVERIFIED_SENDER_TEMPFAIL_ACTION),
                            Statuses.SENDER_ADDRESS)
                    : new Codes(
                            context.code(UNVERIFIED_RECIPIENT_REJECT_CODE),
                            context.code(UNVERIFIED_RECIPIENT_DEFER_CODE),
                            context.conf(UNVERIFIED_RECIPIENT_REJECT_REASON),
                            context.conf(TempfailAction.UNVERIFIED_RECIPIENT_TEMPFAIL_ACTION),
                            Statuses.RECIPIENT_ADDRESS);
        }
    }

    private VerifiedAddressChecks() {}

    /// @param subject SENDER or RECIPIENT
    static Restriction rejectUnverified(Subject subject, PolicyContext context, AddressVerification verification) {
        Codes codes = Codes.of(subject, context);
        return check -> {
            Address address = AddressChecks.address(subject, check.request());
            return address == null
                    ? Outcome.DUNNO
                    : switch (verification.ask(address)) {
                        case Probe.Answer.Deliverable() -> Outcome.DUNNO;
                        case Probe.Answer.Undeliverable(String text) ->
                            check.reject(
                                    subject,
                                    codes.reject,
                                    codes.status,
                                    "undeliverable address: " + reason(codes, text));
                        case Probe.Answer.Unknown(String text) ->
                            codes.tempfail.apply(
                                    check,
                                    codes.defer,
                                    codes.status,
                                    check.text(
                                            subject,
                                            subject.name(check.request()),
                                            "unverified address: " + reason(codes, text)));
                    };
        };
    }

    private static String reason(Codes codes, String text) {
        return codes.reason.isEmpty() ? Texts.oneLine(text, LONGEST_REASON) : codes.reason;
    }
}
