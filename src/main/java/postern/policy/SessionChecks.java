package postern.policy;

import java.time.Duration;
import java.util.List;
import postern.address.Path;
import postern.config.Parameter;

/// Restrictions that look at nothing but the session itself, and those that always say the same.
final class SessionChecks {
    static final Parameter<Integer> REJECT_CODE =
            Parameter.integer("reject_code", "554").doc("code of \"reject\"");
    static final Parameter<Integer> DEFER_CODE =
            Parameter.integer("defer_code", "450").doc("code of \"defer\"");
    static final Parameter<Integer> MULTI_RECIPIENT_BOUNCE_REJECT_CODE =
            Parameter.integer("multi_recipient_bounce_reject_code", "550").doc("code of reject_multi_recipient_bounce");
    static final Parameter<Integer> PLAINTEXT_REJECT_CODE =
            Parameter.integer("plaintext_reject_code", "450").doc("code of reject_plaintext_session");

    static final List<Parameter<?>> PARAMETERS =
            List.of(REJECT_CODE, DEFER_CODE, MULTI_RECIPIENT_BOUNCE_REJECT_CODE, PLAINTEXT_REJECT_CODE);

    private SessionChecks() {}

    static Restriction reject(PolicyContext context) {
        int code = context.code(REJECT_CODE);
        return check -> check.reject(code, Statuses.POLICY, "Access denied");
    }

    static Restriction defer(PolicyContext context) {
        int code = context.code(DEFER_CODE);
        return check -> check.reject(code, Statuses.TRY_AGAIN, "Try again later");
    }

    static Outcome deferIfPermit(Check check) {
        return check.deferIfPermit(450, Statuses.SECURITY, requested(check, "defer_if_permit requested"));
    }

    static Outcome deferIfReject(Check check) {
        return check.deferIfReject(450, Statuses.SECURITY, requested(check, "defer_if_reject requested"));
    }

    private static String requested(Check check, String reason) {
        return check.text(check.subject(), check.subject().name(check.request()), reason);
    }

    static Restriction sleep(Duration time) {
        return check -> {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                // Nothing is ever interrupted here; a shorter pause does no harm.
            }
            return Outcome.DUNNO;
        };
    }

    static Outcome permitSaslAuthenticated(Check check) {
        return check.request().login().isEmpty() ? Outcome.DUNNO : Outcome.PERMIT;
    }

    static Outcome rejectUnauthPipelining(Check check) {
        return check.request().unauthorizedPipelining()
                ? check.reject(503, Statuses.PROTOCOL, "Improper use of SMTP command pipelining")
                : Outcome.DUNNO;
    }

    static Restriction rejectMultiRecipientBounce(PolicyContext context) {
        int code = context.code(MULTI_RECIPIENT_BOUNCE_REJECT_CODE);
        return check -> {
            Path sender = check.request().sender();
            int allowed = check.where() == Where.RCPT || check.where() == Where.VRFY ? 0 : 1;
            return sender != null && sender.isNull() && check.request().recipientCount() > allowed
                    ? check.reject(code, Statuses.RECIPIENTS, "Multi-recipient bounce")
                    : Outcome.DUNNO;
        };
    }

    static Restriction rejectPlaintextSession(PolicyContext context) {
        int code = context.code(PLAINTEXT_REJECT_CODE);
        return check -> check.request().tls() == null
                ? check.refuse(code, Statuses.POLICY, "Session encryption is required")
                : Outcome.DUNNO;
    }
}
