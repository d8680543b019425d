package postern.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `./dev bench mailboxes`: memory of the private server with 100 accounts and 100,000 messages: at rest, with a
/// mailbox of 100,000 messages open, with 900 sessions at rest (a listener of 1,000 keeps the last tenth for clients in
/// mynetworks).
public final class MailboxesBench {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final int OFFSET = 24_000;
    private static final int SETTLED = 8_000;
    private static final int SESSIONS = 900;

    private MailboxesBench() {}

    /// @param arguments how many messages the first account has, and how many the others together (100000, 100000)
    public static void main(String[] arguments) throws IOException {
        int large = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int others = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "postern-mailboxes");
        OUT.println(ServerFixture.machine());
        MailboxesFill.fill(directory.resolve("mail/postern"), large, others);
        try (PrivatePeer server = new PrivatePeer(directory, OFFSET, MailHost.MAILBOXES + SESSIONS)) {
            OUT.printf("start to listening         %6d ms%n", server.startMillis());
            Rest.millis(SETTLED);
            double cpu = server.cpuSeconds();
            OUT.printf("idle                       %6d MB RSS (aim 256)%n", server.residentMegabytes());
            Rest.millis(SETTLED);
            OUT.printf("idle CPU                   %6.2f %%%n", (server.cpuSeconds() - cpu) * 100_000 / SETTLED);
            open(server, large);
            sessions(server);
        } finally {
            Processes.delete(directory);
        }
    }

    private static void open(PrivatePeer server, int large) throws IOException {
        long begun = System.nanoTime();
        try (Pop3Reader reader = new Pop3Reader(server.pop3(), Dialect.user(0))) {
            OUT.printf(
                    "%,d messages: login and STAT %.0f ms, %d MB RSS%n",
                    reader.count(), (System.nanoTime() - begun) / 1e6, server.residentMegabytes());
            if (reader.count() != large) {
                throw new IOException("the mailbox has " + reader.count() + " messages instead of " + large);
            }
            begun = System.nanoTime();
            reader.uidl();
            OUT.printf(
                    "UIDL of them               %6.0f ms, %d MB RSS%n",
                    (System.nanoTime() - begun) / 1e6, server.residentMegabytes());
            reader.quit();
        }
    }

    private static void sessions(PrivatePeer server) throws IOException {
        List<Pop3Reader> open = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            // the limit of connections is one client's
            InetSocketAddress from = new InetSocketAddress("127.0.0." + (2 + i % 100), 0);
            open.add(new Pop3Reader(server.pop3(), Dialect.user(MailHost.MAILBOXES + i), from));
        }
        Rest.millis(SETTLED);
        OUT.printf("%,d sessions at rest      %6d MB RSS%n", open.size(), server.residentMegabytes());
        for (Pop3Reader reader : open) {
            reader.close();
        }
    }
}
