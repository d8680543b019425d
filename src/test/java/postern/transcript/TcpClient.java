package postern.transcript;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// A client on a real socket, which sends in small writes.
final class TcpClient implements ClientEnd {
    /// Messages are cut into about so many writes.
    private static final int CUTS = 20;

    private final CountedConnection server;
    private Socket socket;
    private long sent;
    private long heard;

    TcpClient(Socket socket, CountedConnection server) throws IOException {
        this.socket = socket;
        this.server = server;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
    }

    @Override
    public void send(byte[] bytes) {
        sent += bytes.length;
        int piece = Math.max(1, bytes.length / CUTS);
        try {
            for (int from = 0; from < bytes.length; from += piece) {
                socket.getOutputStream().write(bytes, from, Math.min(piece, bytes.length - from));
            }
        } catch (IOException e) {
            // The server has closed: what it said before is what counts.
        }
    }

    @Override
    public void hangUp() {
        sent = -1;
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void shakeHands(boolean success) throws IOException {
        if (!success) {
            socket.getOutputStream().write("this is not TLS\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            sent = -1;
            return;
        }
        SSLSocket secure = (SSLSocket)
                trusting().getSocketFactory().createSocket(socket, "mail.example.com", socket.getPort(), true);
        secure.startHandshake();
        server.awaitHandshake();
        socket = secure;
    }

    private static SSLContext trusting() {
        X509TrustManager anybody = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {anybody}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String said() throws IOException {
        long written = server.awaitIdle(sent);
        if (sent < 0) {
            return "";
        }
        byte[] fresh = socket.getInputStream().readNBytes((int) (written - heard));
        heard += fresh.length;
        return new String(fresh, StandardCharsets.UTF_8);
    }

    @Override
    public void endWaiting() {
        server.shutdownInput();
    }

    @Override
    public boolean isClosed() {
        return server.isClosed();
    }
}
