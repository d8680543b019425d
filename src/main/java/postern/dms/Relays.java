package postern.dms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Through whom mail leaves: `postfix-relaymap.cf`, `postfix-sasl-password.cf`, `RELAY_HOST` and its kin, as
/// DMS makes them into Postfix's parameters.
///
/// Mail whose sender is nobody's here (a bounce, a forward) takes the relay too when there is only one that it
/// could be: DMS would send it to its recipient's server from the address of this house.
///
/// @param map the lines of `sender_dependent_relayhost_maps`
/// @param passwords the lines of `smtp_sasl_password_maps`
/// @param settings by Postfix's names
record Relays(List<String> map, List<String> passwords, Map<String, String> settings, List<String> notes) {
    static final String MAP = "postfix-relaymap.cf";
    static final String PASSWORDS = "postfix-sasl-password.cf";

    static Relays of(Volume volume, Environment environment, Accounts accounts) {
        String standard = environment.get("DEFAULT_RELAY_HOST");
        String host = environment.get("RELAY_HOST");
        Relays relays = new Relays(new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>());
        if (!volume.has(MAP) && standard.isEmpty() && host.isEmpty()) {
            return relays;
        }
        if (!standard.isEmpty()) {
            relays.settings.put("relayhost", standard);
        }
        relays.readMap(volume);
        if (!host.isEmpty()) {
            relays.addHost(volume, accounts, "[" + host + "]:" + environment.get("RELAY_PORT"));
        }
        relays.settings.put("sender_dependent_relayhost_maps", "texthash:/etc/postfix/relayhost_map");
        if (standard.isEmpty()) {
            relays.sendAllThroughTheOnlyOne();
        }
        relays.logIn(volume, environment, standard, host);
        return relays;
    }

    private void readMap(Volume volume) {
        for (Volume.Line line : volume.lines(MAP)) {
            if (line.text().split("\\s+").length > 1) {
                map.add(line.text());
            }
        }
    }

    private void addHost(Volume volume, Accounts accounts, String nextHop) {
        Set<String> named = new LinkedHashSet<>();
        volume.lines(MAP)
                .forEach(line -> named.add(line.text().split("\\s+", 2)[0].toLowerCase(Locale.ROOT)));
        for (String domain : accounts.domains()) {
            if (!named.contains("@" + domain)) {
                map.add("@" + domain + " " + nextHop);
            }
        }
    }

    private void sendAllThroughTheOnlyOne() {
        Set<String> hops = new LinkedHashSet<>();
        map.forEach(line -> hops.add(line.split("\\s+", 3)[1]));
        if (hops.size() == 1) {
            String hop = hops.iterator().next();
            settings.put("relayhost", hop);
            notes.add("mail of foreign senders and bounces go through " + hop
                    + " as well, the only relay there is (docker-mailserver sends them from this host)");
        }
    }

    private void logIn(Volume volume, Environment environment, String standard, String host) {
        boolean given = !environment.get("RELAY_USER").isEmpty()
                && !environment.get("RELAY_PASSWORD").isEmpty();
        if (!volume.has(PASSWORDS) && !given) {
            return;
        }
        volume.lines(PASSWORDS).forEach(line -> passwords.add(line.text()));
        if (volume.has(PASSWORDS)) {
            settings.put("smtp_sender_dependent_authentication", "yes");
        }
        String hop = !standard.isEmpty()
                ? standard
                : host.isEmpty() ? "" : "[" + host + "]:" + environment.get("RELAY_PORT");
        if (given && !hop.isEmpty()) {
            passwords.add(hop + " " + environment.get("RELAY_USER") + ":" + environment.get("RELAY_PASSWORD"));
        }
        settings.put("smtp_sasl_password_maps", "texthash:/etc/postfix/sasl_passwd");
        settings.put("smtp_sasl_auth_enable", "yes");
        settings.put("smtp_sasl_security_options", "noanonymous");
    }
}
