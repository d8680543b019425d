package postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.address.Address;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.Commands;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryStatus;
import postern.queue.Mail;
import postern.queue.QueueId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.client.ClientSetup;
import postern.smtp.client.SmtpClient;

/// Deliveries to Postfix's own sink.
class SmtpSinkTest {
    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final List<Process> sinks = new ArrayList<>();
    private final ClientSetup setup = new ClientSetup();

    @TempDir
    Path directory;

    @BeforeEach
    void need() throws Exception {
        Commands.need("smtp-sink");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void stop() {
        sinks.forEach(Process::destroy);
        deadlines.close();
    }

    private Path sink(String where, String... options) throws Exception {
        Path dump = directory.resolve("dump");
        List<String> command = new ArrayList<>(List.of("smtp-sink"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.addAll(List.of("-D", dump.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of(where, "20"));
        sinks.add(new ProcessBuilder(command).inheritIO().start());
        return dump;
    }

    private static DeliveryRequest request(String nextHop, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Recipient> to = List.of(
                new Recipient(Address.ofInternal("one@b.example"), Params.NONE),
                new Recipient(Address.ofInternal("two@b.example"), Params.NONE));
        Mail mail = new Mail(
                new QueueId(0x4F0C3A91B2L),
                postern.address.Path.of(new Address("sender", "a.example")),
                Params.NONE,
                Peer.LOCAL,
                Instant.EPOCH,
                to,
                bytes.length,
                "",
                true,
                false,
                "",
                false);
        return new DeliveryRequest(mail, to, "smtp", nextHop, 0, () -> new MemoryBody(bytes));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private List<DeliveryStatus> deliver(String nextHop, String text) {
        try (SmtpClient client = setup.realClient(new DirectDialer(deadlines))) {
            return new SmtpDelivery(client, setup, "smtp", setup)
                    .deliver(request(nextHop, text))
                    .statuses();
        }
    }

    @Test
    void everyByteArrivesOverSmtp() throws Exception {
        int port = freePort();
        Path dump = sink("127.0.0.1:" + port);
        Commands.await(
                "the sink",
                Duration.ofSeconds(20),
                () -> deliver("[127.0.0.1]:" + port, "x\r\n").getFirst() instanceof DeliveryStatus.Sent);
        String text = "Subject: größer\r\n\r\n.dot\r\n..\r\n.\r\n" + "line of text\r\n".repeat(5_000) + "\r\n";
        assertThat(deliver("[127.0.0.1]:" + port, text)).hasOnlyElementsOfType(DeliveryStatus.Sent.class);
        assertThat(Files.readString(dump).replace("\n", "\r\n")).contains(text);
    }

    @Test
    void everyByteArrivesOverLmtpAndAUnixSocket() throws Exception {
        setup.lmtp();
        Path socket = directory.resolve("lmtp");
        Path dump = sink("unix:" + socket, "-L");
        String text = "Subject: x\r\n\r\n.dot\r\n";
        Commands.await(
                "the sink",
                Duration.ofSeconds(20),
                () -> deliver("unix:" + socket, text).stream().allMatch(DeliveryStatus.Sent.class::isInstance));
        assertThat(Files.readString(dump).replace("\n", "\r\n")).contains(text);
    }

    /// Without extensions, and with replies that say no.
    @Test
    void anOldServerIsServedCommandByCommand() throws Exception {
        int port = freePort();
        sink("127.0.0.1:" + port, "-e");
        Commands.await(
                "the sink",
                Duration.ofSeconds(20),
                () -> deliver("[127.0.0.1]:" + port, "x\r\n").getFirst() instanceof DeliveryStatus.Sent);
        int refusing = freePort();
        sink("127.0.0.1:" + refusing, "-r", "RCPT");
        Commands.await(
                "the sink",
                Duration.ofSeconds(20),
                () -> deliver("[127.0.0.1]:" + refusing, "x\r\n")
                        .getFirst()
                        .text()
                        .contains("in reply to RCPT TO command"));
        int hanging = freePort();
        sink("127.0.0.1:" + hanging, "-q", ".");
        Commands.await(
                "the sink",
                Duration.ofSeconds(20),
                () -> deliver("[127.0.0.1]:" + hanging, "x\r\n")
                        .getFirst()
                        .text()
                        .contains("while sending end of data -- message may be sent more than once"));
    }
}
