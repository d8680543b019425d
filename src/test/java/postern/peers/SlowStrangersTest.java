package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Strangers who connect, say next to nothing, and stay: until the places, or the file descriptors, are gone.
class SlowStrangersTest {
    private static final String OWN = "127.0.0.9";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final List<Client> clients = new ArrayList<>();

    /// A connection to our server, from an address of its own.
    private record Client(Socket socket, BufferedReader from) {
        static Client connect(int port, String address) throws IOException {
            Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(address), 0);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return new Client(
                    socket,
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)));
        }

        String say(String command) throws IOException {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return line();
        }

        String line() throws IOException {
            return String.valueOf(from.readLine());
        }
    }

    @AfterEach
    void leave() throws IOException {
        for (Client client : clients) {
            client.socket.close();
        }
    }

    private Client connect(PublicDirectory ours, String address) throws IOException {
        Client client = Client.connect(ours.port(), address);
        clients.add(client);
        return client;
    }

    private void flood(PublicDirectory ours, int strangers) throws IOException {
        for (int i = 0; i < strangers; i++) {
            connect(ours, "127.0.1." + (1 + i % 100));
        }
    }

    @Test
    void clientsInMynetworksAreServedWhileStrangersHoldOn() throws IOException {
        PublicDirectory ours = new PublicDirectory(directory, "127.0.0.3:2525", """
                mynetworks = %s/32
                default_process_limit = 20
                smtpd_peername_lookup = no
                """.formatted(OWN));
        try (PosternProcess _ = ours.start()) {
            flood(ours, 1500);
            Client own = connect(ours, OWN);
            assertThat(own.line()).startsWith("220 ");
            assertThat(own.say("QUIT")).startsWith("221 ");
            Commands.await(
                    "a line about strangers sent away",
                    PATIENCE,
                    () -> ours.logged().contains("1024 wait already; sent away"));
        }
    }

    /// The server backs off, its sessions live on, and when descriptors are free again it accepts again.
    @Test
    void withoutFileDescriptorsSessionsLiveOn() throws IOException {
        Commands.need("prlimit");
        PublicDirectory ours = new PublicDirectory(directory, "127.0.0.3:2525", """
                mynetworks = %s/32
                default_process_limit = 1000
                smtpd_peername_lookup = no
                """.formatted(OWN));
        try (PosternProcess _ = new PosternProcess(directory, ours.listen(), "prlimit", "--nofile=200:200")) {
            Client first = connect(ours, OWN);
            assertThat(first.line()).startsWith("220 ");
            flood(ours, 400);
            Commands.await(
                    "the end of file descriptors", PATIENCE, () -> ours.logged().contains("Too many open files"));
            assertThat(first.say("NOOP")).startsWith("250 ");
            for (Client client : clients.subList(1, clients.size())) {
                client.socket.close();
            }
            assertThat(first.say("NOOP")).startsWith("250 ");
            assertThat(connect(ours, OWN).line()).startsWith("220 ");
        }
    }
}
