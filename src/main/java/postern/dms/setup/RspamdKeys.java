package postern.dms.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import postern.mailauth.DkimKeys;

/// A key as Rspamd has it: `rspamd/dkim/rsa-2048-SELECTOR-DOMAIN.{private,public,public.dns}.txt`, and
/// `rspamd/override.d/dkim_signing.conf` where there is none.
final class RspamdKeys {
    private static final String SIGNING = "rspamd/override.d/dkim_signing.conf";
    private static final String DIRECTORY = "rspamd/dkim/";
    private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");
    /// Where DMS has the volume.
    private static final String HOME = "/tmp/docker-mailserver/";

    private final DkimOptions options;
    private final Site site;
    private final ConfigVolume volume;
    private final Report report;
    private final String domain;

    RspamdKeys(DkimOptions options, Site site) throws IOException {
        this.options = options;
        this.site = site;
        this.volume = site.volume();
        this.report = options.report();
        this.domain = Texts.dnsName(options.domain().isEmpty() ? ownDomain(site) : options.domain(), "a domain");
    }

    private static String ownDomain(Site site) throws IOException {
        String given = site.environment().get("OVERRIDE_HOSTNAME");
        String host = given.isEmpty() ? Files.readString(KERNEL_NAME).strip() : given;
        if (host.indexOf('.') < 0) {
            throw Refusal.of("The server's name '" + host + "' has no domain: give one with the 'domain' argument");
        }
        int dot = host.indexOf('.');
        boolean more = dot > 0 && host.indexOf('.', dot + 1) > 0;
        return more ? host.substring(dot + 1) : host;
    }

    void make() throws IOException {
        DkimKeys.Made made;
        try (ConfigVolume.Lock lock = volume.lock()) {
            made = key(lock);
            signing(lock);
        }
        DkimCommand.show(made, options.selector() + "._domainkey." + domain, report);
        report.trace("Finished DKIM key creation");
    }

    private String base() {
        String kind = options.isEd25519() ? "ed25519" : "rsa-" + options.keysize();
        return DIRECTORY + kind + "-" + options.selector() + "-" + domain;
    }

    private DkimKeys.Made key(ConfigVolume.Lock lock) throws IOException {
        String kind = options.isEd25519() ? "'ed25519'" : "'rsa' and length '" + options.keysize() + "'";
        report.info("Creating DKIM keys of type " + kind + " with selector '" + options.selector() + "' for domain '"
                + domain + "'");
        List<String> files = List.of(base() + ".public.txt", base() + ".public.dns.txt", base() + ".private.txt");
        if (files.stream().anyMatch(volume::has)) {
            if (!options.isForced()) {
                throw Refusal.of("Not overwriting existing files (use '--force' to overwrite existing files)");
            }
            report.info("Overwriting existing files as the '--force' option was supplied");
        }
        DkimKeys.Made made = options.isEd25519()
                ? DkimKeys.ed25519(options.selector(), domain)
                : DkimKeys.rsa(options.keysize(), options.selector(), domain);
        lock.write(files.get(0), OpenDkimKeys.line(made.zoneSnippet()), ConfigVolume.Secrecy.OPEN);
        lock.write(files.get(1), OpenDkimKeys.line(made.dnsRecord()), ConfigVolume.Secrecy.OPEN);
        lock.write(files.get(2), OpenDkimKeys.line(made.privatePem()), ConfigVolume.Secrecy.KEY);
        report.info("Successfully created DKIM keys");
        report.debug("Public key written to '" + volume.path(files.get(0)) + "'");
        report.debug("Private key written to '" + volume.path(files.get(2)) + "'");
        return made;
    }

    private void signing(ConfigVolume.Lock lock) throws IOException {
        if (volume.has(SIGNING)) {
            report.info("'" + volume.path(SIGNING) + "' exists, not supplying a default ('--force' does not overwrite"
                    + " this file, manual adjustment required)");
            return;
        }
        report.info("Supplying a default configuration (to '" + volume.path(SIGNING) + "')");
        String text = """
                # Rspamd's module dkim_signing

                enabled = true;

                sign_authenticated = true;
                sign_local = false;
                try_fallback = false;

                use_domain = "header";
                use_redis = false;
                use_esld = true;
                allow_username_mismatch = true;

                check_pubkey = true;

                domain {
                    %s {
                        path = "%s";
                        selector = "%s";
                    }
                }
                """.formatted(domain, HOME + base() + ".private.txt", options.selector());
        lock.write(SIGNING, text.getBytes(StandardCharsets.UTF_8), ConfigVolume.Secrecy.OPEN);
    }
}
