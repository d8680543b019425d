package postern.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.dns.Resolver.Answer;

/// A list in DNS of clients (by address) or domains, `domain` or `domain=filter`: `reject_rbl_client`,
/// `reject_rhsbl_…`, `permit_dnswl_client`, `permit_rhswl_client`.
///
/// A block list that cannot be asked refuses nothing; an allow list that cannot be asked turns a refusal into
/// a temporary one.
final class Dnsbl {
    /// What a query found.
    private sealed interface Entry {
        /// @param query the name that was asked
        record Listed(String query) implements Entry {}

        record NotListed() implements Entry {}

        record Unknown() implements Entry {}
    }

    private static final Entry NOT_LISTED = new Entry.NotListed();
    private static final Entry UNKNOWN = new Entry.Unknown();

    private final String domain;
    private final @Nullable DnsblFilter filter;
    private final PolicyContext context;
    private final RblReply reply;

    /// @param spec `zen.example.org=127.0.0.[2..11]`
    /// @throws IllegalArgumentException when the filter is none
    Dnsbl(String spec, PolicyContext context, RblReply reply) {
        int equals = spec.indexOf('=');
        this.domain = equals < 0 ? spec : spec.substring(0, equals);
        this.filter = equals < 0 ? null : DnsblFilter.parse(spec.substring(equals + 1));
        this.context = context;
        this.reply = reply;
        if (!HostNames.isName(domain)) {
            throw new IllegalArgumentException("\"" + domain + "\" is not the domain of a list in DNS");
        }
    }

    Outcome rejectClient(Check check) {
        InetAddress address = check.request().clientAddress();
        return address == null
                ? Outcome.DUNNO
                : reject(check, Subject.CLIENT, Subject.address(check.request()), reversed(address));
    }

    /// @param subject CLIENT, REVERSE_CLIENT, HELO, SENDER or RECIPIENT
    Restriction rejectDomain(Subject subject) {
        return check -> {
            String name = domain(subject, check.request());
            return name == null
                    ? Outcome.DUNNO
                    : reject(check, subject, subject == Subject.CLIENT ? name : subject.name(check.request()), name);
        };
    }

    Outcome permitClient(Check check) {
        InetAddress address = check.request().clientAddress();
        return address == null ? Outcome.DUNNO : permit(check, Subject.address(check.request()), reversed(address));
    }

    Outcome permitClientDomain(Check check) {
        String name = domain(Subject.CLIENT, check.request());
        return name == null ? Outcome.DUNNO : permit(check, name, name);
    }

    private Outcome reject(Check check, Subject subject, String what, String name) {
        if (!(look(name) instanceof Entry.Listed(String query))) {
            return Outcome.DUNNO;
        }
        List<String> texts = context.resolver().txt(query).records();
        return reply.refuse(
                check, new RblReply.Listed(domain, subject.label(), what, texts.isEmpty() ? "" : texts.getFirst()));
    }

    private Outcome permit(Check check, String what, String name) {
        Address recipient = check.request().recipient();
        if (check.where() == Where.RCPT && recipient != null && !RelayAccess.isAuthorized(context, recipient)) {
            return Outcome.DUNNO;
        }
        return switch (look(name)) {
            case Entry.Listed listed -> Outcome.PERMIT;
            case Entry.NotListed() -> Outcome.DUNNO;
            case Entry.Unknown() ->
                check.deferIfReject(450, Statuses.POLICY, check.text(Subject.CLIENT, what, "Service unavailable"));
        };
    }

    private Entry look(String name) {
        String query = name + "." + domain;
        if (query.length() > 253) {
            return NOT_LISTED;
        }
        return switch (context.resolver().a(query)) {
            case Answer.Found<InetAddress>(List<InetAddress> answers) ->
                filter == null || answers.stream().anyMatch(filter::matches) ? new Entry.Listed(query) : NOT_LISTED;
            case Answer.NoData<InetAddress>() -> NOT_LISTED;
            case Answer.NoName<InetAddress>() -> NOT_LISTED;
            case Answer.TempFail<InetAddress>(String reason) -> {
                context.warn(query + ": RBL lookup error: " + reason);
                yield UNKNOWN;
            }
        };
    }

    /// A domain name that can be asked for; null when the subject has none.
    private static @Nullable String domain(Subject subject, PolicyRequest request) {
        String name = switch (subject) {
            case CLIENT -> request.clientName();
            case REVERSE_CLIENT -> request.reverseClientName();
            case HELO -> request.helo();
            default -> {
                Address address = AddressChecks.address(subject, request);
                yield address == null || address.domain() == null
                        ? ""
                        : address.domain().text();
            }
        };
        String bare = HostNames.withoutDot(name).toLowerCase(Locale.ROOT);
        return ClientChecks.isUnknown(bare) || !HostNames.isName(bare) ? null : bare;
    }

    /// `1.2.0.192`, or the 32 nibbles of an IPv6 address, last first.
    static String reversed(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder text = new StringBuilder(2 * bytes.length * 2);
        for (int i = bytes.length - 1; i >= 0; i--) {
            text.append(text.isEmpty() ? "" : ".");
            if (address instanceof Inet4Address) {
                text.append(bytes[i] & 0xff);
            } else {
                text.append(Character.forDigit(bytes[i] & 15, 16))
                        .append('.')
                        .append(Character.forDigit(bytes[i] >> 4 & 15, 16));
            }
        }
        return text.toString();
    }
}
