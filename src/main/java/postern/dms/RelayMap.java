package postern.dms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which sender's mail leaves through which relay: `postfix-relaymap.cf`, and `RELAY_HOST` for the domains that
/// it does not name.
///
/// @param hops by sender key: `user@domain` or `@domain`, in lower case
/// @param domains those that have mail here or are named without a relay: their mail goes nowhere but where the
///     map says
record RelayMap(Map<String, String> hops, SortedSet<String> domains, List<String> warnings) {
    static final String NAME = "postfix-relaymap.cf";

    private static final Pattern HOP = Pattern.compile("(\\[[^\\[\\]\\s]+]|[^\\[\\]\\s:,]+)(:[A-Za-z0-9-]+)?");
    private static final int KEY = 0;
    private static final int RELAY = 1;

    /// @throws postern.config.ConfigException naming file and line
    static RelayMap of(Volume volume, Environment environment, Accounts accounts) {
        RelayMap made = new RelayMap(new LinkedHashMap<>(), new TreeSet<>(accounts.domains()), new ArrayList<>());
        Set<String> excluded = new LinkedHashSet<>();
        for (Volume.Line line : volume.lines(NAME)) {
            made.read(line, excluded);
        }
        String host = environment.get("RELAY_HOST");
        if (!host.isEmpty()) {
            String hop = relayHost(environment);
            accounts.domains().stream()
                    .map(domain -> "@" + domain)
                    .filter(key -> !excluded.contains(key))
                    .forEach(key -> made.hops.putIfAbsent(key, hop));
        }
        return made;
    }

    /// `[RELAY_HOST]:RELAY_PORT`; brackets that are there already are not doubled.
    static String relayHost(Environment environment) {
        String host = environment.get("RELAY_HOST");
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        String hop = "[" + bare + "]:" + environment.number("RELAY_PORT");
        if (!isHop(hop)) {
            throw environment.error("RELAY_HOST", "a host name or address is needed; its port is RELAY_PORT");
        }
        return hop;
    }

    private void read(Volume.Line line, Set<String> excluded) {
        String[] words = line.text().split("\\s+", 2);
        String key = words[KEY].toLowerCase(Locale.ROOT);
        if (key.indexOf('@') < 0 || key.endsWith("@")) {
            warnings.add(line.origin() + ": \"" + words[KEY] + "\" is no sender: @domain or user@domain is needed;"
                    + " the line has no effect");
            return;
        }
        if (words.length == 1) {
            excluded.add(key);
            domains.add(VirtualFile.domain(key));
        } else if (!isHop(words[RELAY])) {
            throw line.error("\"" + words[RELAY] + "\" is no relay: [host]:port is needed, or host:port for its MX");
        } else if (hops.putIfAbsent(key, words[RELAY]) != null) {
            warnings.add(line.origin() + ": " + key + " is there already: this line has no effect");
        }
    }

    /// One next hop, or several with commas between.
    static boolean isHop(String text) {
        for (String each : text.split("[,\\s]+", -1)) {
            if (!HOP.matcher(each).matches()) {
                return false;
            }
        }
        return true;
    }

    /// The relay of a sender key; null for none.
    @Nullable
    String hop(String key) {
        String own = hops.get(key);
        return own != null ? own : hops.get("@" + VirtualFile.domain(key));
    }

    /// The one relay that all lines name; null when there is none, or more.
    @Nullable
    String only() {
        Set<String> all = Set.copyOf(hops.values());
        return all.size() == 1 ? all.iterator().next() : null;
    }

    /// `@example.com [192.168.2.2]:25`, a line each.
    List<String> lines() {
        return hops.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .toList();
    }

    /// A rule of a pcre table for all senders that are not of these domains, nobody among them.
    static String others(Iterable<String> domains, String value) {
        List<String> quoted = new ArrayList<>();
        domains.forEach(domain -> quoted.add(domain.replaceAll("([^A-Za-z0-9])", "\\\\$1")));
        return quoted.isEmpty() ? "/^/ " + value : "!/@(?:" + String.join("|", quoted) + ")$/ " + value;
    }
}
