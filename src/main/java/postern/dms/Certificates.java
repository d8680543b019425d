package postern.dms;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.config.ConfigException;
import postern.dms.PostfixSettings.Names;
import postern.net.SelfSigned;

/// `SSL_TYPE`: where the certificate is. The settings name the files as they lie, so that a renewed one counts
/// as soon as it is there; what has no file of its own is written beside the tables.
///
/// @param settings by Postfix's names
/// @param written files to be written, by name in the tables' directory
/// @param watched files outside of the volume
record Certificates(Map<String, String> settings, Map<String, String> written, List<Path> watched, List<String> notes) {
    private static final Duration TEN_YEARS = Duration.ofDays(3650);
    private static final String CERTIFICATE = "smtpd_tls_cert_file";
    private static final String KEY = "smtpd_tls_key_file";

    /// @param etc where the tables are
    /// @throws ConfigException naming the variable and the file
    static Certificates of(Volume volume, Environment environment, Names names, Here here, Path etc) {
        Certificates made =
                new Certificates(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        switch (environment.get("SSL_TYPE")) {
            case "" -> made.makeOne(names, here, etc);
            case "snakeoil" -> made.makeOne(names, here, etc);
            case "letsencrypt" -> made.letsencrypt(environment, names, here, etc);
            case "manual" -> made.manual(volume, environment);
            case "custom" -> {
                Path both = volume.file("ssl/" + names.host() + "-full.pem");
                made.pair(environment, CERTIFICATE, both, KEY, both);
            }
            case "self-signed" -> {
                Path key = volume.file("ssl/" + names.host() + "-key.pem");
                made.pair(environment, CERTIFICATE, volume.file("ssl/" + names.host() + "-cert.pem"), KEY, key);
                made.require(environment, volume.file("ssl/demoCA/cacert.pem"));
            }
            default ->
                throw environment.error(
                        "SSL_TYPE", "one of letsencrypt, manual, custom, self-signed is needed, or none");
        }
        return made;
    }

    private void require(Environment environment, Path file) {
        watched.add(file);
        if (!Files.isRegularFile(file)) {
            throw environment.error("SSL_TYPE", file + ": no such file; a PEM file belongs there");
        }
    }

    private void pair(Environment environment, String first, Path certificate, String second, Path key) {
        require(environment, certificate);
        require(environment, key);
        settings.put(first, PostfixSettings.literal(certificate.toString()));
        settings.put(second, PostfixSettings.literal(key.toString()));
    }

    private void manual(Volume volume, Environment environment) {
        pair(
                environment,
                CERTIFICATE,
                named(volume, environment, "SSL_CERT_PATH"),
                KEY,
                named(volume, environment, "SSL_KEY_PATH"));
        boolean other = !environment.get("SSL_ALT_CERT_PATH").isEmpty();
        if (other || !environment.get("SSL_ALT_KEY_PATH").isEmpty()) {
            pair(
                    environment,
                    "smtpd_tls_eccert_file",
                    named(volume, environment, "SSL_ALT_CERT_PATH"),
                    "smtpd_tls_eckey_file",
                    named(volume, environment, "SSL_ALT_KEY_PATH"));
        }
    }

    private static Path named(Volume volume, Environment environment, String name) {
        if (environment.get(name).isEmpty()) {
            throw environment.error("SSL_TYPE", name + " is not set");
        }
        return volume.path(environment.get(name));
    }

    private void letsencrypt(Environment environment, Names names, Here here, Path etc) {
        List<String> wanted = new ArrayList<>();
        if (!environment.get("SSL_DOMAIN").isEmpty()) {
            wanted.add(environment.get("SSL_DOMAIN").replaceFirst("^\\*\\.", ""));
        }
        wanted.add(names.host());
        wanted.add(names.domain());
        Path acme = here.letsencrypt().resolve("acme.json");
        watched.add(acme);
        if (Files.exists(acme)) {
            AcmeJson.Pair found = AcmeJson.read(acme).find(wanted, environment.get("SSL_DOMAIN"));
            if (found != null) {
                written.put("acme-key.pem", found.key());
                written.put("acme-cert.pem", found.certificate());
                nameOwn(etc, "acme-cert.pem", "acme-key.pem");
                return;
            }
        }
        for (String name : wanted) {
            Path live = here.letsencrypt().resolve("live").resolve(name);
            if (Files.isDirectory(live)) {
                Path key = live.resolve("privkey.pem");
                pair(
                        environment,
                        CERTIFICATE,
                        live.resolve("fullchain.pem"),
                        KEY,
                        Files.exists(key) ? key : live.resolve("key.pem"));
                return;
            }
        }
        throw environment.error(
                "SSL_TYPE",
                here.letsencrypt() + ": no live/ directory, and nothing in acme.json, for "
                        + String.join(", ", wanted));
    }

    /// A certificate that vouches for nothing keeps those out who only listen.
    private void makeOne(Names names, Here here, Path etc) {
        String certificate = "self-made-" + names.host() + "-cert.pem";
        String key = "self-made-" + names.host() + "-key.pem";
        if (!Files.exists(etc.resolve(certificate)) || !Files.exists(etc.resolve(key))) {
            SelfSigned made =
                    SelfSigned.of(List.of(names.host()), here.clock().instant().minus(Duration.ofDays(1)), TEN_YEARS);
            written.put(key, made.keyPem());
            written.put(certificate, made.certificatePem());
        }
        nameOwn(etc, certificate, key);
        notes.add("SSL_TYPE is not set: a self-made certificate for " + names.host()
                + " is used (docker-mailserver speaks without TLS then); mail programs will ask about it");
    }

    private void nameOwn(Path etc, String certificate, String key) {
        settings.put(
                CERTIFICATE, PostfixSettings.literal(etc.resolve(certificate).toString()));
        settings.put(KEY, PostfixSettings.literal(etc.resolve(key).toString()));
    }
}
