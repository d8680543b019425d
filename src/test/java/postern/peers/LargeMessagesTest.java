package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Messages that are larger together than all the memory that the server's process may have, under way at the same
/// time. `./dev bench through` does the same with messages of 100 MB.
class LargeMessagesTest {
    private static final int SESSIONS = 50;
    private static final int LINES = 80_000;
    private static final String LINE = "x".repeat(98) + "\r\n";

    @TempDir
    private Path directory;

    /// 50 times 8 MB, where heap and direct buffers have 120 MB and the process at most 192.
    @Test
    void fiftyLargeMessagesAtATimeNeedNoMoreMemory() throws Exception {
        try (Counter behind = new Counter();
                ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            PublicDirectory ours = new PublicDirectory(directory, "127.0.0.1:" + behind.port(), """
                    postern_handover = through
                    smtpd_peername_lookup = no
                    smtp_tls_security_level = none
                    mynetworks = 127.0.0.99/32
                    relay_destination_concurrency_limit = 50
                    message_size_limit = 20000000
                    """);
            try (PosternProcess server = ours.start()) {
                CyclicBarrier inTheMiddle = new CyclicBarrier(SESSIONS);
                List<Future<String>> answers = IntStream.range(0, SESSIONS)
                        .mapToObj(_ -> senders.submit(() -> send(ours.port(), inTheMiddle)))
                        .toList();
                for (Future<String> answer : answers) {
                    assertThat(answer.get()).startsWith("250");
                }
                assertThat(behind.lines()).hasSize(SESSIONS).containsOnly(LINES);
                assertThat(peak(server.pid())).isLessThanOrEqualTo(192_000);
            }
        }
    }

    private static String send(int port, CyclicBarrier inTheMiddle) throws Exception {
        String piece = LINE.repeat(800);
        try (Sender sender = new Sender("127.0.0.1", port)) {
            sender.command("MAIL FROM:<a@example.net>");
            String reply = sender.command("RCPT TO:<you@example.com>");
            if (!reply.startsWith("250")) {
                return reply;
            }
            sender.command("DATA");
            sender.say("Subject: large\r\n");
            for (int i = 0; i < LINES / 800; i++) {
                if (i == LINES / 1600) {
                    inTheMiddle.await();
                }
                sender.say(piece.substring(0, piece.length() - 2));
            }
            return sender.command(".");
        }
    }

    /// The most memory that a process has had, in kB.
    private static long peak(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    /// A next hop that keeps nothing but how many lines the body of each message had.
    private static final class Counter implements Closeable {
        private final ServerSocket socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        private final List<Integer> lines = new CopyOnWriteArrayList<>();

        Counter() throws IOException {
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return socket.getLocalPort();
        }

        List<Integer> lines() {
            return lines;
        }

        private void accept() {
            try {
                while (true) {
                    Socket connection = socket.accept();
                    Thread.ofVirtual().start(() -> serve(connection));
                }
            } catch (IOException e) {
                // closed
            }
        }

        private void serve(Socket connection) {
            try (connection) {
                connection.setTcpNoDelay(true);
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
                OutputStream out = connection.getOutputStream();
                say(out, "220 counter.example ESMTP");
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.equals("DATA")) {
                        say(out, "354 go on");
                        lines.add(count(in));
                    }
                    say(out, "250 2.0.0 Ok");
                }
            } catch (IOException e) {
                // the peer has left
            }
        }

        private static int count(BufferedReader in) throws IOException {
            int lines = 0;
            for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
                if (line == null) {
                    throw new IOException("lost connection in DATA");
                }
                lines += line.length() == LINE.length() - 2 ? 1 : 0;
            }
            return lines;
        }

        private static void say(OutputStream out, String text) throws IOException {
            out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
