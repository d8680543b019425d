package postern.cleanup;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import postern.config.MainCf;
import postern.config.NetworkList;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.lookup.Tables;
import postern.smtp.Peer;

/// Which clients are our own (`local_header_rewrite_clients`): their mail gets the fields it lacks, and the
/// addresses in its header are rewritten.
public final class OwnClients implements Predicate<Peer> {
    static final Parameter<List<String>> LOCAL_HEADER_REWRITE_CLIENTS = Parameter.list(
                    "local_header_rewrite_clients", "permit_inet_interfaces")
            .doc(
                    "Whose mail gets the Message-Id, Date and From that it lacks, and has its header's addresses rewritten.");
    static final Parameter<List<String>> MYNETWORKS =
            Parameter.list("mynetworks", "").doc("Networks of clients that may relay.");

    public static final List<Parameter<?>> PARAMETERS = List.of(LOCAL_HEADER_REWRITE_CLIENTS, MYNETWORKS);

    private final List<Predicate<Peer>> rules;

    /// @throws postern.config.ConfigException naming a word that is none of the list's
    public OwnClients(MainCf conf, Tables tables) {
        List<Predicate<Peer>> compiled = new ArrayList<>();
        List<String> words = conf.get(LOCAL_HEADER_REWRITE_CLIENTS);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("check_address_map") && i + 1 < words.size()) {
                Table table = tables.open(LOCAL_HEADER_REWRITE_CLIENTS.name(), List.of(words.get(++i)));
                compiled.add(peer -> table.find(peer.address()) instanceof Lookup.Found);
            } else {
                compiled.add(rule(conf, word));
            }
        }
        this.rules = List.copyOf(compiled);
    }

    private static Predicate<Peer> rule(MainCf conf, String word) {
        return switch (word) {
            case "permit_inet_interfaces" -> {
                Set<InetAddress> own = ownAddresses();
                yield peer -> is(peer, address -> address.isLoopbackAddress() || own.contains(address));
            }
            case "permit_mynetworks" -> {
                NetworkList networks = conf.networks(MYNETWORKS);
                yield peer -> is(peer, networks::contains);
            }
            case "permit_sasl_authenticated" -> peer -> !peer.login().isEmpty();
            case "static:all" -> peer -> true;
            default ->
                throw conf.error(
                        LOCAL_HEADER_REWRITE_CLIENTS.name(),
                        "\"" + word
                                + "\" is none of permit_inet_interfaces, permit_mynetworks, permit_sasl_authenticated, check_address_map type:table, static:all",
                        null);
        };
    }

    private static boolean is(Peer peer, Predicate<InetAddress> wanted) {
        try {
            return wanted.test(InetAddress.ofLiteral(peer.address()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Set<InetAddress> ownAddresses() {
        Set<InetAddress> own = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(own::add);
        } catch (SocketException e) {
            // without interfaces there are no own addresses but loopback
        }
        return own;
    }

    @Override
    public boolean test(Peer peer) {
        return rules.stream().anyMatch(rule -> rule.test(peer));
    }
}
