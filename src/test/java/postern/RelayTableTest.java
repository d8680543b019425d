package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.net.Endpoint;
import postern.peers.Commands;
import postern.peers.Sender;
import postern.peers.Sink;

/// Through whom mail leaves a running private server, by its sender: docker-mailserver's table, a row for each kind of
/// sender and a column for each way to name relays; where ours differs (docs/differences.md), the way back is a column
/// too.
class RelayTableTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOGIN =
            Base64.getEncoder().encodeToString("\0hello@example.com\0secret".getBytes(StandardCharsets.UTF_8));
    private static final String ZONE = """
            smtp.example.edu.     IN  A   192.0.2.5
            relay.example.edu.    IN  A   192.0.2.6
            other.example.edu.    IN  A   192.0.2.7
            internet.example.     IN  MX  10 mx.internet.example.
            mx.internet.example.  IN  A   198.51.100.25
            """;

    /// How relays are named: files and variables of the volume.
    private static final Map<String, Map<String, String>> COLUMNS = new LinkedHashMap<>();

    static {
        String map = "@example.com  [192.168.2.2]:25\n";
        String host = "RELAY_HOST=relay.example.edu\nRELAY_PORT=2525\n";
        String standard = "DEFAULT_RELAY_HOST=[smtp.example.edu]:587\n";
        COLUMNS.put("nothing", Map.of());
        COLUMNS.put("map", Map.of("postfix-relaymap.cf", map));
        COLUMNS.put(
                "map as in DMS",
                Map.of(
                        "postfix-relaymap.cf",
                        map,
                        "postfix-main.cf",
                        "sender_dependent_relayhost_maps = texthash:/etc/postfix/relayhost_map\n"));
        COLUMNS.put("host", Map.of("mailserver.env", host));
        COLUMNS.put("map and host", Map.of("postfix-relaymap.cf", map, "mailserver.env", host));
        COLUMNS.put("map and opt-out", Map.of("postfix-relaymap.cf", map + "@example.org\n", "mailserver.env", host));
        COLUMNS.put("default", Map.of("mailserver.env", standard));
        COLUMNS.put("map and default", Map.of("postfix-relaymap.cf", map, "mailserver.env", standard));
        COLUMNS.put("all", Map.of("postfix-relaymap.cf", map, "mailserver.env", host + standard));
        COLUMNS.put(
                "two relays",
                Map.of(
                        "postfix-relaymap.cf",
                        map + "@example.org [other.example.edu]\nhi@example.com [other.example.edu]"));
    }

    @TempDir
    private Path directory;

    private final AtomicInteger numbers = new AtomicInteger();

    /// The world outside: each next hop that there may be, by a short name.
    private record World(Map<String, Sink> hops) implements AutoCloseable {
        static World open(DemoRoads roads) throws IOException {
            Map<String, Sink> hops = new LinkedHashMap<>();
            Map<String, String> addresses = Map.of(
                    "map", "192.168.2.2:25",
                    "host", "192.0.2.6:2525",
                    "default", "192.0.2.5:587",
                    "other", "192.0.2.7:25",
                    "direct", "198.51.100.25:25");
            for (Map.Entry<String, String> each : addresses.entrySet()) {
                Sink sink = new Sink("127.0.0.1", 0);
                sink.answer(command -> command.startsWith("RCPT TO:<refused@") ? "550 5.1.1 no such user" : null);
                hops.put(each.getKey(), sink);
                String[] at = each.getValue().split(":");
                roads.lead(
                        at[0],
                        Integer.parseInt(at[1]),
                        Endpoint.of(java.net.InetAddress.getLoopbackAddress(), sink.port()),
                        false);
            }
            return new World(hops);
        }

        /// Which next hop has a message with this text, once one has.
        String of(String text) throws IOException {
            Commands.await(text, PATIENCE, () -> hops.values().stream().anyMatch(sink -> has(sink, text)));
            return String.join(
                    " ",
                    hops.entrySet().stream()
                            .filter(each -> has(each.getValue(), text))
                            .map(Map.Entry::getKey)
                            .toList());
        }

        private static boolean has(Sink sink, String text) {
            return sink.taken().stream().anyMatch(message -> message.text().contains(text));
        }

        @Override
        public void close() throws IOException {
            for (Sink sink : hops.values()) {
                sink.close();
            }
        }
    }

    /// Each column names where mail of `hello@example.com`, of `hi@example.com`, of another domain of ours, of nobody,
    /// of a foreign sender, and of an SRS address of our domain leaves.
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing,         direct,  direct,  direct,  direct,  direct,  direct",
        "map,             map,     map,     direct,  map,     map,     map",
        "map as in DMS,   map,     map,     direct,  direct,  direct,  map",
        "host,            host,    host,    host,    host,    host,    host",
        "map and host,    map,     map,     host,    host,    host,    map",
        "map and opt-out, map,     map,     direct,  map,     map,     map",
        "default,         default, default, default, default, default, default",
        "map and default, map,     map,     default, default, default, map",
        "all,             map,     map,     host,    default, default, map",
        "two relays,      map,     other,   other,   map,     map,     map",
    })
    void mailLeavesByItsSender(
            String column, String own, String user, String otherDomain, String nobody, String foreign, String srs)
            throws IOException {
        try (PrivateHome home = volume(column);
                DemoZone zone = new DemoZone(ZONE)) {
            DemoRoads roads = new DemoRoads(home.deadlines());
            try (World world = World.open(roads)) {
                home.start(roads.from("127.0.0.1"), Map.of("postern_dns_servers", zone.endpoint()));
                assertThat(Arrays.asList(
                                submitted(home, world, "hello@example.com"),
                                submitted(home, world, "hi@example.com"),
                                submitted(home, world, "hi@example.org"),
                                bounced(home, world),
                                forwarded(home, world),
                                submitted(home, world, "SRS0=x=y=internet.example=a@example.com")))
                        .as(column)
                        .containsExactly(own, user, otherDomain, nobody, foreign, srs);
            }
        }
    }

    private PrivateHome volume(String column) throws IOException {
        PrivateHome home = new PrivateHome(directory);
        home.write(
                "postfix-accounts.cf",
                "hello@example.com|" + PrivateHome.hash("secret") + "\nhi@example.org|" + PrivateHome.hash("secret")
                        + "\n");
        home.write(
                "postfix-virtual.cf",
                "friend@example.com a@internet.example\nnowhere@example.com refused@internet.example\n"
                        + "postmaster@example.com hello@example.com\n");
        home.add("mailserver.env", "POSTERN_CLEARTEXT_AUTH=1\nPOSTMASTER_ADDRESS=hello@example.com\n");
        for (Map.Entry<String, String> each : COLUMNS.get(column).entrySet()) {
            if (each.getKey().endsWith("map.cf")) {
                home.write(each.getKey(), each.getValue());
            } else {
                home.add(each.getKey(), each.getValue());
            }
        }
        return home;
    }

    private String text() {
        return "number " + numbers.incrementAndGet() + ".";
    }

    private static String message(String text) {
        return "Subject: " + text + "\r\n\r\n" + text + "\r\n";
    }

    private String submitted(PrivateHome home, World world, String from) throws IOException {
        String text = text();
        try (Sender sender = new Sender("127.0.0.1", home.port(587))) {
            assertThat(sender.command("AUTH PLAIN " + LOGIN)).startsWith("235");
            sender.send(from, "a@internet.example", message(text));
        }
        return world.of(text);
    }

    /// An alias leads on: the sender is somebody elsewhere.
    private String forwarded(PrivateHome home, World world) throws IOException {
        String text = text();
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            sender.send("b@internet.example", "friend@example.com", message(text));
        }
        return world.of(text);
    }

    /// An alias leads to somebody who is refused: the sender, elsewhere, gets a notice that nobody has sent.
    private String bounced(PrivateHome home, World world) throws IOException {
        String text = text();
        try (Sender sender = new Sender("127.0.0.1", home.port(25))) {
            sender.send("b@internet.example", "nowhere@example.com", message(text));
        }
        String hop = world.of(text);
        assertThat(world.hops().get(hop).taken())
                .filteredOn(message -> message.text().contains(text))
                .allSatisfy(message -> assertThat(message.sender()).startsWith("<>"));
        return hop;
    }
}
