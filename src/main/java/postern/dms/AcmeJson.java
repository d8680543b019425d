package postern.dms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.ConfigFiles;
import postern.config.Json;

/// Traefik's `acme.json`: `<resolver>.Certificates[].{domain.main, domain.sans, key, certificate}`, key and
/// certificate as PEM in Base64.
///
/// @param entries of all resolvers, in the order of the file
record AcmeJson(List<Entry> entries) {
    /// @param key PEM
    /// @param certificate PEM, with those above it
    record Pair(String key, String certificate) {}

    /// @param names in lower case; one may be a wildcard
    record Entry(List<String> names, Pair pair) {}

    /// @throws ConfigException when the file cannot be read or understood
    static AcmeJson read(Path file) {
        try {
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ConfigException(ConfigFiles.why(file, e), e);
        }
    }

    /// @param file how messages call it
    /// @throws ConfigException when it cannot be understood
    static AcmeJson parse(String file, byte[] bytes) {
        try {
            List<Entry> entries = new ArrayList<>();
            if (Json.parse(Volume.decode(file, bytes)) instanceof Map<?, ?> resolvers) {
                for (Object resolver : resolvers.values()) {
                    for (Object certificate : members(resolver, "Certificates")) {
                        entries.add(entry(certificate));
                    }
                }
            }
            return new AcmeJson(entries);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(file + ": " + e.getMessage(), e);
        }
    }

    private static Entry entry(Object certificate) {
        Object domain = member(certificate, "domain");
        List<String> names = new ArrayList<>();
        names.add(text(domain, "main"));
        members(domain, "sans").forEach(each -> names.add(String.valueOf(each).toLowerCase(Locale.ROOT)));
        return new Entry(names, new Pair(pem(certificate, "key"), pem(certificate, "certificate")));
    }

    private static String pem(Object of, String name) {
        @Nullable Object value = member(of, name);
        return new String(
                Base64.getMimeDecoder().decode(value instanceof String it ? it : ""), StandardCharsets.US_ASCII);
    }

    private static String text(@Nullable Object of, String name) {
        return member(of, name) instanceof String text ? text.toLowerCase(Locale.ROOT) : "";
    }

    private static @Nullable Object member(@Nullable Object of, String name) {
        return of instanceof Map<?, ?> members ? members.get(name) : null;
    }

    private static List<?> members(@Nullable Object of, String name) {
        return member(of, name) instanceof List<?> list ? list : List.of();
    }

    /// The certificate for the first of these names that has one.
    ///
    /// @param wildcard `*.example.com`, looked for first; or something else, or empty
    @Nullable
    Pair find(List<String> names, String wildcard) {
        List<String> wanted = new ArrayList<>();
        if (wildcard.startsWith("*.")) {
            wanted.add(wildcard);
        }
        wanted.addAll(names);
        for (String name : wanted) {
            for (Entry entry : entries) {
                if (entry.names().contains(name.toLowerCase(Locale.ROOT))) {
                    return entry.pair();
                }
            }
        }
        return null;
    }
}
