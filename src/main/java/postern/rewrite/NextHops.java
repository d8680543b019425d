package postern.rewrite;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.address.Domain;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Tables;
import postern.rewrite.Resolved.AddressClass;

/// The next hops that a configuration names, as far as they can be listed: to find those that are written in
/// another way elsewhere.
public final class NextHops {
    private static final List<Parameter<String>> ROUTES = List.of(
            ClassRoutes.RELAY_TRANSPORT,
            ClassRoutes.VIRTUAL_TRANSPORT,
            ClassRoutes.LOCAL_TRANSPORT,
            ClassRoutes.DEFAULT_TRANSPORT);
    private static final List<Parameter<List<String>>> MAPS = List.of(
            TransportMaps.TRANSPORT_MAPS,
            ClassRoutes.SENDER_DEPENDENT_RELAYHOST_MAPS,
            ClassRoutes.SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS);
    private static final Set<String> LISTED =
            Set.of("hash", "btree", "lmdb", "dbm", "cdb", "sdbm", "texthash", "inline", "static");

    private final Set<String> names;
    private final boolean areAll;
    private final Routes routes;

    public NextHops(MainCf conf, Tables tables, Routes routes) {
        Stream<String> fixed = ROUTES.stream().map(route -> nextHop(conf.get(route)));
        Stream<String> listed = MAPS.stream()
                .flatMap(maps -> tables.open(maps)
                        .results()
                        .map(maps == ClassRoutes.SENDER_DEPENDENT_RELAYHOST_MAPS ? host -> host : NextHops::nextHop));
        this.names = Stream.of(fixed, Stream.of(conf.get(ClassRoutes.RELAYHOST)), listed)
                .flatMap(all -> all)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        this.areAll = MAPS.stream().flatMap(maps -> conf.get(maps).stream()).allMatch(NextHops::isListed);
        this.routes = routes;
    }

    /// What follows the transport.
    private static String nextHop(String route) {
        return route.substring(route.indexOf(':') < 0 ? route.length() : route.indexOf(':') + 1);
    }

    private static boolean isListed(String table) {
        String rest = table.replaceFirst("^(proxy:)+", "");
        return LISTED.contains(rest.substring(0, Math.max(0, rest.indexOf(':'))));
    }

    /// Why no mail goes to a next hop that is written so, and what would be right; null when some does, or that
    /// cannot be known.
    public @Nullable String objection(String nextHop) {
        if (names.stream().anyMatch(nextHop::equalsIgnoreCase) || isDomainOfOurs(nextHop)) {
            return null;
        }
        List<String> meant = names.stream()
                .filter(name -> host(name).equals(host(nextHop)))
                .sorted()
                .toList();
        if (meant.isEmpty()) {
            return areAll
                    ? "no mail goes to \"" + nextHop + "\": neither relay_transport nor transport_maps name it"
                    : null;
        }
        return "no mail goes to \"" + nextHop + "\" as it is written here: \"" + String.join("\" or \"", meant)
                + "\" is how the routes have it";
    }

    /// Without a route of its own a domain is its next hop.
    private boolean isDomainOfOurs(String nextHop) {
        return nextHop.equals(host(nextHop))
                && routes.classOf(new Domain(nextHop)) instanceof AddressClasses.Answer.In(AddressClass of)
                && of != AddressClass.DEFAULT;
    }

    /// `[192.168.2.3]:25` and `192.168.2.3` are one host.
    private static String host(String nextHop) {
        String text = nextHop.toLowerCase(Locale.ROOT);
        if (text.startsWith("[")) {
            return text.substring(1, text.indexOf(']') < 0 ? text.length() : text.indexOf(']'));
        }
        return text.indexOf(':') == text.lastIndexOf(':') ? text.replaceFirst(":.*", "") : text;
    }
}
