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
/// @param general that of `RELAY_HOST`, or empty
record RelayMap(Map<String, String> hops, SortedSet<String> domains, String general, List<String> warnings) {
    static final String NAME = "postfix-relaymap.cf";

    private static final Pattern HOP = Pattern.compile("(\\[[^\\[\\]\\s]+]|[^\\[\\]\\s:,]+)(:[A-Za-z0-9-]+)?");
    /// The key of mail that has no sender (`empty_address_relayhost_maps_lookup_key`).
    private static final String NOBODY = "<>";

    private static final int KEY = 0;
    private static final int RELAY = 1;

    /// @throws postern.config.ConfigException naming file and line
    static RelayMap of(Volume volume, Environment environment, Accounts accounts) {
        String general = environment.get("RELAY_HOST").isEmpty() ? "" : relayHost(environment);
        RelayMap made =
                new RelayMap(new LinkedHashMap<>(), new TreeSet<>(accounts.domains()), general, new ArrayList<>());
        Set<String> excluded = new LinkedHashSet<>();
        for (Volume.Line line : volume.lines(NAME)) {
            made.read(line, excluded);
        }
        if (!general.isEmpty()) {
            accounts.domains().stream()
                    .map(domain -> "@" + domain)
                    .filter(key -> !excluded.contains(key))
                    .forEach(key -> made.hops.putIfAbsent(key, general));
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
        boolean isNobody = key.equals(NOBODY) && words.length > 1;
        if (!isNobody && (key.indexOf('@') < 0 || key.endsWith("@"))) {
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

    /// The relay of mail whose sender is nobody's here, so that it never leaves from this host's address: the only one
    /// that there is, else that of `RELAY_HOST`, else that of the first line; null when there is none.
    @Nullable
    String ofOthers() {
        Set<String> all = new LinkedHashSet<>(hops.values());
        if (all.isEmpty()) {
            return null;
        }
        return all.contains(general) ? general : all.iterator().next();
    }

    /// Why that one.
    String whyOfOthers() {
        if (Set.copyOf(hops.values()).size() == 1) {
            return "the only relay there is";
        }
        return general.isEmpty() ? "the relay of the first line of " + NAME : "that of RELAY_HOST";
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
        // nobody is asked for in quotes first, and would never come to a line of his own
        String named = quoted.isEmpty() ? "" : "@(?:" + String.join("|", quoted) + ")$|";
        return "!/" + named + "^\"<>\"$/ " + value;
    }
}
