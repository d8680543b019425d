package postern.dms.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import postern.mailauth.DkimKeys;

/// Keys as OpenDKIM has them: `opendkim/keys/DOMAIN/SELECTOR.{private,txt}`, `KeyTable`, `SigningTable` and
/// `TrustedHosts`.
final class OpenDkimKeys {
    private static final String TRUSTED_HOSTS = "opendkim/TrustedHosts";
    private static final String TRUSTED = "127.0.0.1\nlocalhost\n";

    private final DkimOptions options;
    private final Site site;
    private final ConfigVolume volume;

    OpenDkimKeys(DkimOptions options, Site site) {
        this.options = options;
        this.site = site;
        this.volume = site.volume();
    }

    void make() throws IOException {
        Collection<String> domains = domains();
        if (domains.isEmpty()) {
            site.report().warning("No entries found, no keys to make");
            return;
        }
        Map<String, DkimKeys.Made> made = new LinkedHashMap<>();
        try (ConfigVolume.Lock lock = volume.lock()) {
            for (String domain : domains) {
                key(domain, lock, made);
                enter(lock, ConfigFile.KEY_TABLE, name(domain), value(domain));
                enter(lock, ConfigFile.SIGNING_TABLE, "*@" + domain, name(domain));
            }
            if (!volume.has(TRUSTED_HOSTS)) {
                site.report().info("Creating DKIM TrustedHosts");
                lock.write(TRUSTED_HOSTS, TRUSTED.getBytes(StandardCharsets.UTF_8), ConfigVolume.Secrecy.OPEN);
            }
        }
        made.forEach((domain, key) -> DkimCommand.show(key, name(domain), site.report()));
    }

    /// Those given, else all that accounts and aliases are in.
    private Collection<String> domains() throws IOException {
        TreeSet<String> domains = new TreeSet<>();
        List<String> given = List.of(options.domain().split(","));
        given.stream().map(String::strip).filter(domain -> !domain.isEmpty()).forEach(domains::add);
        if (domains.isEmpty()) {
            for (ConfigFile file : List.of(ConfigFile.ACCOUNTS, ConfigFile.VIRTUAL)) {
                for (KeyedLines.Entry entry : volume.read(file).entries()) {
                    int at = entry.key().lastIndexOf('@');
                    if (at >= 0 && at < entry.key().length() - 1) {
                        domains.add(entry.key().substring(at + 1).toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
        domains.forEach(domain -> Texts.dnsName(domain, "a domain"));
        return domains;
    }

    private void key(String domain, ConfigVolume.Lock lock, Map<String, DkimKeys.Made> made) throws IOException {
        String file = "opendkim/keys/" + domain + "/" + options.selector();
        if (volume.has(file + ".private")) {
            return;
        }
        site.report().info("Creating DKIM private key '" + volume.path(file + ".private") + "'");
        DkimKeys.Made key = DkimKeys.rsa(options.keysize(), options.selector(), domain);
        lock.write(file + ".txt", line(key.zoneSnippet()), ConfigVolume.Secrecy.OPEN);
        lock.write(file + ".private", line(key.privatePem()), ConfigVolume.Secrecy.KEY);
        made.put(domain, key);
    }

    static byte[] line(String text) {
        return (text.endsWith("\n") ? text : text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// Adds a line to a table that has no such line.
    private void enter(ConfigVolume.Lock lock, ConfigFile table, String key, String value) throws IOException {
        if (!volume.has(table.path())) {
            site.report().info("Creating DKIM " + table.path().substring("opendkim/".length()));
        }
        lock.edit(table, lines -> {
            boolean there = lines.entries().stream()
                    .anyMatch(entry -> entry.key().equals(key) && entry.value().equals(value));
            if (!there) {
                lines.add(key, value);
            }
        });
    }

    private String name(String domain) {
        return options.selector() + "._domainkey." + domain;
    }

    /// With the path that the file has for OpenDKIM.
    private String value(String domain) {
        return domain + ":" + options.selector() + ":/etc/opendkim/keys/" + domain + "/" + options.selector()
                + ".private";
    }
}
