package postern.dms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Through whom mail leaves: `postfix-relaymap.cf`, `RELAY_HOST` and its kin, as DMS makes them into Postfix's
/// parameters.
///
/// Mail whose sender is nobody's here (a bounce, a forward) takes a relay too: DMS would send it to its recipient's
/// server from the address of this house. TLS is required of the
/// relays that get a password; DMS requires it of every server in the world then.
///
/// @param settings by Postfix's names
/// @param tables by file name: their lines
record Relays(
        Map<String, String> settings, Map<String, List<String>> tables, List<String> notes, List<String> warnings) {
    static final String TRANSPORT = "smtps";
    private static final String SUBMISSIONS = ":465";

    /// @param standing `relayhost` of `postfix-main.cf`, or empty
    /// @throws postern.config.ConfigException naming file and line
    static Relays of(Volume volume, Environment environment, Accounts accounts, String standing) {
        String given = environment.get("DEFAULT_RELAY_HOST");
        Relays relays = new Relays(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        boolean asked = volume.has(RelayMap.NAME)
                || !given.isEmpty()
                || !environment.get("RELAY_HOST").isEmpty();
        if (!asked) {
            if (volume.has(RelayPasswords.NAME)) {
                relays.warnings.add(RelayPasswords.NAME + " has no effect: there is neither " + RelayMap.NAME
                        + " nor RELAY_HOST nor DEFAULT_RELAY_HOST");
            }
            return relays;
        }
        if (!given.isEmpty() && !RelayMap.isHop(given)) {
            throw environment.error("DEFAULT_RELAY_HOST", "[host]:port is needed, or host:port for its MX");
        }
        RelayMap map = RelayMap.of(volume, environment, accounts);
        relays.warnings.addAll(map.warnings());
        relays.route(map, given, standing.isEmpty() ? given : standing);
        relays.logIn(RelayPasswords.of(volume, environment), map, standing.isEmpty() ? given : standing);
        return relays;
    }

    /// @param standard where mail of all other senders goes, or empty
    private void route(RelayMap map, String given, String standard) {
        if (!given.isEmpty()) {
            settings.put("relayhost", given);
        }
        tables.put("relayhost_map", map.lines());
        String maps = "texthash:/etc/postfix/relayhost_map";
        @Nullable String others = standard.isEmpty() ? map.ofOthers() : null;
        if (others != null) {
            tables.put("relayhost_others", List.of(RelayMap.others(map.domains(), others)));
            maps += ", pcre:/etc/postfix/relayhost_others";
            notes.add("mail of foreign senders and bounces leaves through " + others + " too, " + map.whyOfOthers()
                    + " (docker-mailserver sends them from this host's address);"
                    + " sender_dependent_relayhost_maps = texthash:/etc/postfix/relayhost_map in "
                    + DmsConfig.MAIN + " is as there");
        }
        settings.put("sender_dependent_relayhost_maps", maps);
        useTlsFromTheStart(map, others == null ? standard : others);
    }

    /// Port 465 has TLS from the first byte: its relays are reached by a transport of their own.
    private void useTlsFromTheStart(RelayMap map, String standard) {
        boolean any = standard.endsWith(SUBMISSIONS)
                || map.hops().values().stream().anyMatch(hop -> hop.endsWith(SUBMISSIONS));
        if (!any) {
            return;
        }
        List<String> lines = new ArrayList<>();
        Set<String> named = new TreeSet<>();
        map.hops().forEach((key, hop) -> {
            lines.add(key + " " + transport(hop));
            if (key.startsWith("@")) {
                named.add(VirtualFile.domain(key));
            }
        });
        tables.put("relay_transports", lines);
        String maps = "texthash:/etc/postfix/relay_transports";
        if (!standard.isEmpty()) {
            boolean isOfOthers = tables.containsKey("relayhost_others");
            tables.put(
                    "relay_transports_others",
                    List.of(RelayMap.others(isOfOthers ? map.domains() : named, transport(standard))));
            maps += ", pcre:/etc/postfix/relay_transports_others";
        }
        settings.put("sender_dependent_default_transport_maps", maps);
    }

    private static String transport(String hop) {
        return (hop.endsWith(SUBMISSIONS) ? TRANSPORT : "smtp") + ":" + hop;
    }

    private void logIn(RelayPasswords passwords, RelayMap map, String standard) {
        warnings.addAll(passwords.warnings());
        if (!passwords.isAsked()) {
            return;
        }
        RelayPasswords.Given given = passwords.given(map, standard);
        warnings.addAll(given.warnings());
        tables.put("sasl_passwd", given.lines());
        tables.put(
                "tls_policy",
                new LinkedHashSet<>(given.relays())
                        .stream().map(hop -> hop + " encrypt").toList());
        if (passwords.hasFile()) {
            settings.put("smtp_sender_dependent_authentication", "yes");
        }
        settings.put("smtp_sasl_password_maps", "texthash:/etc/postfix/sasl_passwd");
        settings.put("smtp_sasl_auth_enable", "yes");
        settings.put("smtp_sasl_security_options", "noanonymous");
        settings.put("smtp_tls_policy_maps", "texthash:/etc/postfix/tls_policy");
    }
}
