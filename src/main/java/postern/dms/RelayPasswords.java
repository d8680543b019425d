package postern.dms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What this server logs in with at relays: `postfix-sasl-password.cf`, `RELAY_USER` and `RELAY_PASSWORD`.
///
/// @param lines `user:password` by key: `@domain`, `user@domain`, or a next hop as it is written there
/// @param origins where each stands
/// @param hasFile whether there is the file: then passwords may go by sender
/// @param named the relay of the variables: DEFAULT_RELAY_HOST, else `[RELAY_HOST]:RELAY_PORT`, or empty
/// @param byVariables `RELAY_USER:RELAY_PASSWORD`, or empty
record RelayPasswords(
        Map<String, String> lines,
        Map<String, String> origins,
        boolean hasFile,
        String named,
        String byVariables,
        List<String> warnings) {
    static final String NAME = "postfix-sasl-password.cf";

    /// What goes into `smtp_sasl_password_maps`.
    ///
    /// @param relays those that get a password
    record Given(List<String> lines, Set<String> relays, List<String> warnings) {}

    /// @throws postern.config.ConfigException naming file and line; never with a password
    static RelayPasswords of(Volume volume, Environment environment) {
        Map<String, String> lines = new LinkedHashMap<>();
        Map<String, String> origins = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        for (Volume.Line line : volume.lines(NAME)) {
            String[] words = line.text().split("\\s+", 2);
            String key = words[0].toLowerCase(Locale.ROOT);
            if (words.length < 2 || words[1].indexOf(':') <= 0) {
                throw line.error("a line is @domain user:password, or [host]:port user:password");
            }
            if (lines.putIfAbsent(key, words[1]) != null) {
                warnings.add(line.origin() + ": " + key + " is there already: this line has no effect");
            } else {
                origins.put(key, line.origin());
            }
        }
        String user = environment.get("RELAY_USER");
        String password = environment.get("RELAY_PASSWORD");
        boolean both = !user.isEmpty() && !password.isEmpty();
        if (user.isEmpty() != password.isEmpty()) {
            warnings.add("RELAY_USER and RELAY_PASSWORD have an effect together only");
        }
        if (both && user.indexOf(':') >= 0) {
            throw environment.error("RELAY_USER", "a user name has no colon: what follows it would be the password");
        }
        String standard = environment.get("DEFAULT_RELAY_HOST");
        String host = environment.get("RELAY_HOST").isEmpty() ? "" : RelayMap.relayHost(environment);
        return new RelayPasswords(
                lines,
                origins,
                volume.has(NAME),
                standard.isEmpty() ? host : standard,
                both ? user + ":" + password : "",
                warnings);
    }

    boolean isAsked() {
        return hasFile || !byVariables.isEmpty();
    }

    /// @param standard where mail goes whose sender the map does not name, or empty
    Given given(RelayMap map, String standard) {
        Given given = new Given(new ArrayList<>(), new LinkedHashSet<>(), new ArrayList<>());
        lines.forEach((key, login) -> {
            Set<String> relays = relays(key, map, standard);
            if (relays.isEmpty() && key.indexOf('@') >= 0) {
                given.warnings.add(origins.get(key) + ": no relay takes mail of " + key
                        + ": its password is left out, or whichever server its mail goes to would be given it");
            } else {
                given.relays.addAll(relays);
                given.lines.add(key + " " + login);
            }
        });
        if (!byVariables.isEmpty() && !named.isEmpty() && !lines.containsKey(named.toLowerCase(Locale.ROOT))) {
            given.lines.add(named + " " + byVariables);
            given.relays.add(named);
        }
        addForOthers(map, standard, given);
        return given;
    }

    /// Mail that has no sender, or a foreign one, goes through its relay as whoever may log in there.
    private void addForOthers(RelayMap map, String standard, Given given) {
        @Nullable String hop = standard.isEmpty() ? map.ofOthers() : standard;
        if (hop == null || hasKey(given.lines, hop)) {
            return;
        }
        lines.entrySet().stream()
                .filter(each -> relays(each.getKey(), map, standard).contains(hop))
                .findFirst()
                .ifPresent(each -> given.lines.add(hop + " " + each.getValue()));
    }

    private static boolean hasKey(List<String> lines, String key) {
        return lines.stream().anyMatch(line -> line.split(" ", 2)[0].equalsIgnoreCase(key));
    }

    /// The relays that a key's password is for.
    private static Set<String> relays(String key, RelayMap map, String standard) {
        Set<String> relays = new LinkedHashSet<>();
        if (key.indexOf('@') < 0) {
            map.hops().values().stream().filter(hop -> isOf(key, hop)).forEach(relays::add);
            if (!standard.isEmpty() && isOf(key, standard)) {
                relays.add(standard);
            }
            return relays;
        }
        @Nullable String hop = map.hop(key);
        if (hop != null) {
            relays.add(hop);
        } else if (!standard.isEmpty()) {
            relays.add(standard);
        }
        if (key.startsWith("@")) {
            map.hops().forEach((sender, its) -> {
                if (sender.endsWith(key)) {
                    relays.add(its);
                }
            });
        }
        return relays;
    }

    /// A next hop as it is written, or its host.
    private static boolean isOf(String key, String hop) {
        String host = hop.startsWith("[") ? hop.replaceFirst("^\\[([^]]*)].*$", "$1") : hop.replaceFirst(":.*$", "");
        return hop.equalsIgnoreCase(key) || host.equalsIgnoreCase(key);
    }
}
