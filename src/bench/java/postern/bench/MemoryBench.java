package postern.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Memory, idle CPU and start time of the public server with its default settings, as the launcher starts it.
///
/// `./dev bench memory`
public final class MemoryBench {
    private static final int CONNECTIONS = 1000;

    private MemoryBench() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("postern-memory");
        int port = ServerFixture.write(directory, "discard:");
        System.out.println(ServerFixture.machine());
        try (ServerFixture server = new ServerFixture(directory, port)) {
            System.out.printf(Locale.ROOT, "start to listening   %5d ms%n", server.startMillis());
            Thread.sleep(5000);
            long before = server.cpuMillis();
            System.out.printf(Locale.ROOT, "idle                 %5d MB RSS%n", server.residentMegabytes());
            Thread.sleep(20_000);
            System.out.printf(Locale.ROOT, "idle CPU             %5.2f %%%n", (server.cpuMillis() - before) / 200.0);
            List<Socket> open = open(port, CONNECTIONS);
            Thread.sleep(5000);
            System.out.printf(
                    Locale.ROOT,
                    "%d connections    %5d MB RSS, half of them under TLS%n",
                    open.size(),
                    server.residentMegabytes());
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static List<Socket> open(int port, int count) throws Exception {
        SSLSocketFactory tls = trusting();
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket("127.0.0." + (2 + i % 100), port);
            greet(socket);
            if (i % 2 == 0) {
                command(socket, "STARTTLS");
                SSLSocket secure = (SSLSocket) tls.createSocket(socket, "mail.example.com", port, true);
                secure.startHandshake();
                command(secure, "EHLO bench.example");
                open.add(secure);
            } else {
                open.add(socket);
            }
        }
        return open;
    }

    private static void greet(Socket socket) throws IOException {
        read(socket);
        command(socket, "EHLO bench.example");
    }

    private static void command(Socket socket, String line) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        read(socket);
    }

    private static void read(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 1024);
        String line = in.readLine();
        while (line != null && line.charAt(3) == '-') {
            line = in.readLine();
        }
        if (line == null || line.charAt(0) != '2') {
            throw new IOException("the server said " + line);
        }
    }

    private static SSLSocketFactory trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager all = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        context.init(null, new TrustManager[] {all}, null);
        return context.getSocketFactory();
    }
}
