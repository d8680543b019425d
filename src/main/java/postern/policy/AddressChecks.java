package postern.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;
import postern.config.Parameter;
import postern.rewrite.Resolved;
import postern.smtp.EnhancedStatus;

/// Restrictions on the domain of a sender or recipient. The null sender always passes.
final class AddressChecks {
    static final Parameter<Integer> UNKNOWN_ADDRESS_REJECT_CODE = Parameter.integer(
                    "unknown_address_reject_code", "450")
            .doc("code of reject_unknown_sender_domain and reject_unknown_recipient_domain");

    static final List<Parameter<?>> PARAMETERS = List.of(UNKNOWN_ADDRESS_REJECT_CODE);

    private AddressChecks() {}

    /// The address that a restriction of this subject is about; null when there is none.
    static @Nullable Address address(Subject subject, PolicyRequest request) {
        Path sender = request.sender();
        return subject == Subject.RECIPIENT ? request.recipient() : sender == null ? null : sender.address();
    }

    /// @param subject SENDER or RECIPIENT
    static Restriction rejectNonFqdn(Subject subject, PolicyContext context) {
        int code = context.code(HeloChecks.NON_FQDN_REJECT_CODE);
        return check -> {
            Address address = address(subject, check.request());
            return address == null || isFullyQualified(address.domain())
                    ? Outcome.DUNNO
                    : check.reject(subject, code, Statuses.SYNTAX, "need fully-qualified address");
        };
    }

    private static boolean isFullyQualified(@Nullable Domain domain) {
        if (domain == null) {
            return false;
        }
        String name = HostNames.withoutDot(domain.text());
        return domain.isLiteral() || (HostNames.isName(name) && HostNames.isFullyQualified(name));
    }

    /// @param subject SENDER or RECIPIENT
    static Restriction rejectUnknownDomain(Subject subject, PolicyContext context) {
        int code = context.code(UNKNOWN_ADDRESS_REJECT_CODE);
        TempfailAction tempfail = context.conf(TempfailAction.UNKNOWN_ADDRESS_TEMPFAIL_ACTION);
        EnhancedStatus status = subject == Subject.SENDER ? Statuses.SENDER_SYSTEM : Statuses.RECIPIENT_SYSTEM;
        return check -> {
            Address address = address(subject, check.request());
            if (address == null) {
                return Outcome.DUNNO;
            }
            Domain domain = switch (context.routes().resolve(Path.NULL, address)) {
                case Resolved.TempFail fail -> null;
                case Resolved.To to when to.addressClass().isFinal() -> null;
                case Resolved.To to -> to.recipient().domain();
            };
            if (domain == null || domain.isLiteral()) {
                return Outcome.DUNNO;
            }
            return switch (Existence.of(HostNames.withoutDot(domain.text()), context.resolver())) {
                case THERE -> Outcome.DUNNO;
                case NOT_THERE -> check.reject(subject, code, status, "Domain not found");
                case NULL_MX -> nullMx(check, subject, domain);
                case UNKNOWN ->
                    tempfail.apply(
                            check, 450, status, check.text(subject, subject.name(check.request()), "Domain not found"));
            };
        };
    }

    private static Outcome nullMx(Check check, Subject subject, Domain domain) {
        String reason = "Domain " + domain.text() + " does not accept mail (nullMX)";
        return subject == Subject.SENDER
                ? check.reject(subject, 550, Statuses.SENDER_NULL_MX, reason)
                : check.reject(subject, 556, Statuses.RECIPIENT_NULL_MX, reason);
    }
}
