package postern.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names of TCP ports: those of `known_tcp_ports`, then those of `/etc/services`.
public final class PortNames {
    static final Parameter<List<String>> KNOWN_TCP_PORTS = Parameter.list(
                    "known_tcp_ports", "lmtp=24, smtp=25, smtps=submissions=465, submission=587")
            .doc("Ports that need no /etc/services: members `name=number`, or `name=name=number`.");

    private static final Path SERVICES = Path.of("/etc/services");

    private final Map<String, Integer> known;

    private PortNames(Map<String, Integer> known) {
        this.known = known;
    }

    /// The names a configuration knows.
    ///
    /// @throws ConfigException when `known_tcp_ports` cannot be read
    public static PortNames of(MainCf main) {
        Map<String, Integer> known = new HashMap<>();
        for (String member : main.get(KNOWN_TCP_PORTS)) {
            String[] parts = member.split("=", -1);
            int port = number(parts[parts.length - 1]);
            if (port < 0 || parts.length < 2) {
                throw main.error(KNOWN_TCP_PORTS.name(), "\"" + member + "\" is not name=port", null);
            }
            for (int i = 0; i < parts.length - 1; i++) {
                known.put(parts[i], port);
            }
        }
        return new PortNames(Collections.unmodifiableMap(known));
    }

    /// The port of a name or number.
    ///
    /// @throws IllegalArgumentException when it is neither
    public int port(String text) {
        int number = number(text);
        if (number >= 0) {
            return number;
        }
        Integer port = known.get(text);
        if (port == null) {
            port = service(text);
        }
        if (port == null) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no port such as 25, nor a name in known_tcp_ports or " + SERVICES);
        }
        return port;
    }

    private static int number(String text) {
        return Values.isDigits(text) && text.length() <= 5 && Integer.parseInt(text) <= 65_535
                ? Integer.parseInt(text)
                : -1;
    }

    /// Looks a name up in services(5): `name port/protocol alias…`.
    private static @Nullable Integer service(String name) {
        List<String> lines;
        try {
            lines = Files.readAllLines(SERVICES, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return null;
        }
        for (String line : lines) {
            int comment = line.indexOf('#');
            List<String> words = List.of(
                    (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+"));
            if (words.size() >= 2 && words.get(1).endsWith("/tcp")) {
                int port = number(words.get(1).substring(0, words.get(1).length() - "/tcp".length()));
                boolean named = words.getFirst().equals(name)
                        || words.subList(2, words.size()).contains(name);
                if (named && port >= 0) {
                    return port;
                }
            }
        }
        return null;
    }
}
