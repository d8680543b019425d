package postern.policy;

import java.util.List;
import java.util.Map;
import postern.config.Parameter;
import postern.smtp.EnhancedStatus;

/// What to do when something cannot be asked that could have been a reason to refuse.
enum TempfailAction {
    /// Go on, and refuse for now only if nothing else refuses for good.
    DEFER_IF_PERMIT,
    /// Refuse for now.
    DEFER;

    private static final Map<String, TempfailAction> WORDS = Map.of("defer_if_permit", DEFER_IF_PERMIT, "defer", DEFER);

    static final Parameter<TempfailAction> REJECT_TEMPFAIL_ACTION = Parameter.choice(
                    "reject_tempfail_action", "defer_if_permit", WORDS)
            .doc("what to do when a reason to refuse cannot be looked up");
    static final Parameter<TempfailAction> UNKNOWN_ADDRESS_TEMPFAIL_ACTION =
            REJECT_TEMPFAIL_ACTION.as("unknown_address_tempfail_action", "$reject_tempfail_action");
    static final Parameter<TempfailAction> UNKNOWN_HELO_HOSTNAME_TEMPFAIL_ACTION =
            REJECT_TEMPFAIL_ACTION.as("unknown_helo_hostname_tempfail_action", "$reject_tempfail_action");
    static final Parameter<TempfailAction> UNVERIFIED_RECIPIENT_TEMPFAIL_ACTION =
            REJECT_TEMPFAIL_ACTION.as("unverified_recipient_tempfail_action", "$reject_tempfail_action");
    static final Parameter<TempfailAction> UNVERIFIED_SENDER_TEMPFAIL_ACTION =
            REJECT_TEMPFAIL_ACTION.as("unverified_sender_tempfail_action", "$reject_tempfail_action");

    static final List<Parameter<?>> PARAMETERS = List.of(
            REJECT_TEMPFAIL_ACTION,
            UNKNOWN_ADDRESS_TEMPFAIL_ACTION,
            UNKNOWN_HELO_HOSTNAME_TEMPFAIL_ACTION,
            UNVERIFIED_RECIPIENT_TEMPFAIL_ACTION,
            UNVERIFIED_SENDER_TEMPFAIL_ACTION);

    Outcome apply(Check check, int code, EnhancedStatus status, String text) {
        return this == DEFER ? check.refuse(code, status, text) : check.deferIfPermit(code, status, text);
    }
}
