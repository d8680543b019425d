package postern.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.NetworkList;
import postern.config.Parameter;
import postern.lookup.AccessLookup;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Tables;
import postern.net.Endpoint;

/// Clients by network, host name and table, any member after `!`: `mynetworks`,
/// `smtpd_client_event_limit_exceptions`, `smtpd_authorized_xclient_hosts`. The first member that matches
/// decides. A list of networks alone takes one look-up.
public final class HostList {
    private static final Lookup IN_NETWORK = new Lookup.Found("network");
    private static final Pattern NETWORK = Pattern.compile("\\[.*|[0-9./]+");

    /// One member. Found means that it matches, whatever that decides.
    private interface Member {
        Lookup match(String name, InetAddress address);
    }

    private record Step(Member member, boolean inside) {}

    private final NetworkList networks;
    private final List<Step> steps;
    private final List<String> members;

    /// @throws ConfigException naming where the parameter was set, and the member that cannot be read
    public HostList(Parameter<List<String>> parameter, Tables tables) {
        MainCf conf = tables.context().conf();
        members = conf.members(parameter);
        try {
            boolean plain = members.stream().allMatch(member -> isNetwork(bare(member)));
            networks = NetworkList.of(plain ? members : List.of());
            steps = new ArrayList<>();
            for (String member : plain ? List.<String>of() : members) {
                String bare = bare(member);
                steps.add(new Step(
                        member(bare, tables.parents(parameter.name()), tables),
                        (member.length() - bare.length()) % 2 == 0));
            }
        } catch (IllegalArgumentException | ConfigException e) {
            throw new ConfigException(conf.origin(parameter.name()) + ": " + parameter + ": " + e.getMessage(), e);
        }
    }

    /// Those whom `mynetworks` names.
    public static HostList mynetworks(Tables tables) {
        return new HostList(ClientChecks.MYNETWORKS, tables);
    }

    private static String bare(String member) {
        int from = 0;
        while (from < member.length() && member.charAt(from) == '!') {
            from++;
        }
        return member.substring(from);
    }

    private static boolean isNetwork(String bare) {
        return NETWORK.matcher(bare).matches();
    }

    private static Member member(String bare, MatchList.Parents parents, Tables tables) {
        if (isNetwork(bare)) {
            NetworkList network = NetworkList.of(List.of(bare));
            return (name, address) -> network.contains(address) ? new Lookup.Found(bare) : Lookup.NOT_FOUND;
        }
        if (bare.indexOf(':') > 0) {
            AccessLookup table = new AccessLookup(tables.open(bare), parents, "");
            return (name, address) -> table.client(name, Endpoint.of(address, 0).text());
        }
        String word = bare.toLowerCase(Locale.ROOT);
        String below = parents == MatchList.Parents.PLAIN ? "." + word : word;
        return (name, address) -> {
            String key = name.toLowerCase(Locale.ROOT);
            return key.equals(word) || (below.startsWith(".") && key.endsWith(below))
                    ? new Lookup.Found(bare)
                    : Lookup.NOT_FOUND;
        };
    }

    /// Whether the list has this client: Found, NotFound or TempFail.
    ///
    /// @param name the verified name, or `unknown`
    /// @param address null for a unix socket, which is in no list
    public Lookup match(String name, @Nullable InetAddress address) {
        if (address == null) {
            return Lookup.NOT_FOUND;
        }
        if (networks.contains(address)) {
            return IN_NETWORK;
        }
        for (Step step : steps) {
            switch (step.member.match(name, address)) {
                case Lookup.NotFound() -> {}
                case Lookup.Found found -> {
                    return step.inside ? found : Lookup.NOT_FOUND;
                }
                case Lookup.TempFail fail -> {
                    return fail;
                }
            }
        }
        return Lookup.NOT_FOUND;
    }

    /// The same where a table that cannot be asked means no.
    public boolean has(String name, @Nullable InetAddress address) {
        return match(name, address) instanceof Lookup.Found;
    }

    /// Whether host names are among the members.
    public boolean hasNames() {
        return members.stream().map(HostList::bare).anyMatch(bare -> !isNetwork(bare) && bare.indexOf(':') < 0);
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    @Override
    public String toString() {
        return String.join(" ", members);
    }
}
