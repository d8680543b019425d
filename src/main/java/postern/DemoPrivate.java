package postern;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import postern.net.Endpoint;

/// The private server of the demo: a config volume with the guide's files as they stand, an account and a DKIM key
/// that `postern setup` makes, and the server's name.
final class DemoPrivate implements Closeable {
    /// Its address in the guide.
    static final String VPN = "192.168.2.3";

    static final String USER = "you@example.com";
    static final String PASSWORD = "demo-password";

    private static final List<Integer> PORTS = List.of(25, 110, 465, 587, 995);
    private static final int FIRST_OFFSET = 20_000;
    private static final int LAST_OFFSET = 60_000;
    private static final int STEP = 1_009;
    private static final Path KEY = Path.of("opendkim/keys/example.com/mail.txt");

    private final Path directory;
    private final int offset;
    private final PrivateServer server;

    /// Makes the config volume.
    ///
    /// @param directory an empty one
    /// @return what is to be entered into DNS
    static String prepare(Path directory) throws IOException {
        Path config = Files.createDirectory(directory.resolve("config"));
        for (String name : List.of("postfix-relaymap.cf", "postfix-main.cf")) {
            Files.copy(Demo.guide().resolve("private").resolve(name), config.resolve(name));
        }
        Files.writeString(config.resolve("mailserver.env"), """
                OVERRIDE_HOSTNAME=internal-mail.example.com
                ENABLE_POP3=1
                """);
        // who comes to port 25 is told: see DemoRoads
        Files.writeString(config.resolve("postfix-master.cf"), """
                smtpd/pass/smtpd_upstream_proxy_protocol=haproxy
                smtpd/pass/postern_upstream_proxy_hosts=127.0.0.1
                """);
        setup(config, "email", "add", USER, PASSWORD);
        setup(config, "alias", "add", "postmaster@example.com", USER);
        setup(config, "config", "dkim");
        return Files.readString(config.resolve(KEY));
    }

    private static void setup(Path config, String... command) throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(List.of("-c", config.toString()));
        words.addAll(List.of(command));
        if (SetupVerb.run(new Arguments(words), nowhere) != 0) {
            throw new IOException("postern setup " + String.join(" ", command) + " did not work");
        }
    }

    /// @param directory that [#prepare] has filled
    DemoPrivate(Path directory, DemoPublic.World world) throws IOException {
        this.directory = directory;
        this.offset = freeOffset();
        PrivateServer.Places places = new PrivateServer.Places(
                directory.resolve("config"),
                Files.createDirectory(directory.resolve("mail")),
                Files.createDirectory(directory.resolve("state")),
                Map.of(),
                Map.of(
                        "postern_dns_servers",
                        world.names(),
                        "inet_interfaces",
                        "127.0.0.1",
                        "postern_pop3_interfaces",
                        "127.0.0.1"));
        server = PrivateServer.start(
                places.read(),
                places,
                new PublicServer.Surroundings(world.log(), world.roads().from(VPN), world.deadlines(), offset));
        for (int port : PORTS) {
            Endpoint at = Endpoint.of(InetAddress.getLoopbackAddress(), port(port));
            world.roads().lead(VPN, port, at, port == 25);
        }
    }

    /// So much above the well-known ports all of its own are free.
    private static int freeOffset() throws IOException {
        int first = (int) (ProcessHandle.current().pid() % STEP);
        for (int offset = FIRST_OFFSET + first; offset < LAST_OFFSET; offset += STEP) {
            if (isFree(offset)) {
                return offset;
            }
        }
        throw new IOException("no ports are free");
    }

    private static boolean isFree(int offset) {
        for (int port : PORTS) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + offset));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /// Where one of its ports is on this machine.
    int port(int wellKnown) {
        return wellKnown + offset;
    }

    /// A file of the config volume.
    Path config() {
        return directory.resolve("config");
    }

    int queued() {
        return server.queued();
    }

    @Override
    public void close() {
        server.close();
    }
}
