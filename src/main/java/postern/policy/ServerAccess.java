package postern.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.dns.Resolver;
import postern.dns.Resolver.Answer;
import postern.lookup.AccessLookup;
import postern.lookup.Lookup;
import postern.net.Endpoint;

/// `check_…_a_access`, `check_…_mx_access` and `check_…_ns_access`: looks up the hosts behind a name, by their
/// names and addresses.
///
/// A host that cannot be looked up is passed over, with a warning. A table may refuse, never permit: whoever
/// owns a domain chooses its hosts.
final class ServerAccess {
    /// Which hosts stand behind a name.
    enum Kind {
        A,
        MX,
        NS
    }

    /// A name with thousands of hosts is judged by the first ones.
    private static final int MOST_HOSTS = 100;

    private final Kind kind;
    private final Subject subject;
    private final AccessLookup table;
    private final PolicyContext context;
    private final AccessActions actions;

    private ServerAccess(Kind kind, Subject subject, String spec, PolicyContext context, AccessActions actions) {
        this.kind = kind;
        this.subject = subject;
        this.table = context.access(spec);
        this.context = context;
        this.actions = actions;
    }

    static Restriction check(Kind kind, Subject subject, String spec, PolicyContext context, AccessActions actions) {
        return new ServerAccess(kind, subject, spec, context, actions)::ask;
    }

    private Outcome ask(Check check) {
        String domain = domain(check.request());
        if (domain == null) {
            return Outcome.DUNNO;
        }
        Outcome outcome = ask(check, domain);
        if (outcome != Outcome.PERMIT) {
            return outcome;
        }
        context.warn("restriction check_…_" + kind.name().toLowerCase(Locale.ROOT) + "_access returns OK for "
                + subject.name(check.request()) + ": this is not allowed for security reasons;"
                + " use DUNNO instead of OK if you want to make an exception");
        return check.misconfigured();
    }

    /// The name whose hosts are looked for; null when there is none.
    private @Nullable String domain(PolicyRequest request) {
        String name = switch (subject) {
            case CLIENT -> request.clientName();
            case REVERSE_CLIENT -> request.reverseClientName();
            case HELO -> request.helo();
            case SENDER, RECIPIENT -> domain(AddressChecks.address(subject, request));
            case DATA, END_OF_DATA, ETRN, LOGIN, CERTIFICATE -> "";
        };
        return name.isEmpty() || ClientChecks.isUnknown(name) ? null : name;
    }

    private static String domain(@Nullable Address address) {
        return address == null || address.domain() == null
                ? ""
                : address.domain().text();
    }

    private Outcome ask(Check check, String domain) {
        if (domain.startsWith("[")) {
            return kind != Kind.NS && HostNames.isLiteral(domain)
                    ? apply(check, table.network(literal(domain)), literal(domain))
                    : Outcome.DUNNO;
        }
        String name = HostNames.withoutDot(domain);
        if (!HostNames.isName(name)) {
            return Outcome.DUNNO;
        }
        for (String host : hosts(name)) {
            Outcome outcome = host(check, host);
            if (outcome != Outcome.DUNNO) {
                return outcome;
            }
        }
        return Outcome.DUNNO;
    }

    private static String literal(String domain) {
        String inside = domain.substring(1, domain.length() - 1);
        String address = inside.regionMatches(true, 0, "IPv6:", 0, 5) ? inside.substring(5) : inside;
        return Endpoint.of(InetAddress.ofLiteral(address), 0).text();
    }

    private List<String> hosts(String name) {
        return switch (kind) {
            case A -> List.of(name);
            case MX -> exchangers(name);
            case NS -> nameServers(name);
        };
    }

    private List<String> exchangers(String name) {
        return switch (context.resolver().mx(name)) {
            case Answer.Found<Resolver.Mx>(List<Resolver.Mx> records) ->
                first(records.stream().map(Resolver.Mx::host));
            case Answer.NoData<Resolver.Mx>() -> List.of(name);
            case Answer.NoName<Resolver.Mx>() -> List.of();
            case Answer.TempFail<Resolver.Mx>(String reason) -> unknown(name, reason);
        };
    }

    /// The servers of the zone that a name lies in: its own, or those of the nearest domain above that has
    /// some. A zone that could not be asked hides those above it.
    private List<String> nameServers(String name) {
        String zone = name;
        while (!zone.isEmpty()) {
            switch (context.resolver().ns(zone)) {
                case Answer.Found<String>(List<String> servers) -> {
                    return first(servers.stream());
                }
                case Answer.TempFail<String>(String reason) -> {
                    return unknown(zone, reason);
                }
                case Answer.NoData<String>(), Answer.NoName<String>() ->
                    zone = zone.substring(zone.indexOf('.') < 0 ? zone.length() : zone.indexOf('.') + 1);
            }
        }
        return unknown(name, "Host not found");
    }

    private static List<String> first(Stream<String> hosts) {
        return hosts.filter(host -> !host.isEmpty()).limit(MOST_HOSTS).toList();
    }

    private List<String> unknown(String name, String reason) {
        context.warn("Unable to look up " + kind + " host for " + name + ": " + reason);
        return List.of();
    }

    private Outcome host(Check check, String host) {
        if (kind != Kind.A) {
            Outcome outcome = apply(check, table.domain(host), host);
            if (outcome != Outcome.DUNNO) {
                return outcome;
            }
        }
        List<InetAddress> addresses = addresses(host);
        for (InetAddress address : addresses.subList(0, Math.min(addresses.size(), MOST_HOSTS))) {
            String text = Endpoint.of(address, 0).text();
            Outcome outcome = apply(check, table.network(text), text);
            if (outcome != Outcome.DUNNO) {
                return outcome;
            }
        }
        return Outcome.DUNNO;
    }

    private List<InetAddress> addresses(String host) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Answer<InetAddress> answer :
                List.of(context.resolver().a(host), context.resolver().aaaa(host))) {
            addresses.addAll(answer.records());
            if (answer instanceof Answer.TempFail<InetAddress>(String reason)) {
                unknown(host, reason);
            }
        }
        return addresses;
    }

    private Outcome apply(Check check, Lookup answer, String key) {
        String name = subject.name(check.request());
        return switch (answer) {
            case Lookup.NotFound() -> Outcome.DUNNO;
            case Lookup.Found(String value) ->
                actions.apply(check, new AccessActions.Found(table.table().name(), key, subject, name), value);
            case Lookup.TempFail fail -> {
                context.warn(table.table().name() + " lookup error for \"" + key + "\"");
                yield check.reject(subject, 451, Statuses.CONFIGURATION, "Server configuration error");
            }
        };
    }
}
