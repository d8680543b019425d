package postern;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import postern.net.Connection;
import postern.net.TlsSettings;
import postern.wire.LineReader;
import postern.wire.Window;

/// A client of a few lines: what SMTP and POP3 have in common.
final class DemoClient implements Closeable {
    private static final int LONGEST_LINE = 2000;

    private final Connection connection;
    private LineReader lines;

    DemoClient(Connection connection) {
        connection.deadline().in(Duration.ofSeconds(30));
        this.connection = connection;
        this.lines = new LineReader(new Window(connection));
    }

    void startTls(TlsSettings tls) throws IOException {
        connection.startTls(tls);
        lines = new LineReader(new Window(connection));
    }

    void write(String text) throws IOException {
        connection.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// @throws IOException when there is none
    String line() throws IOException {
        String line = lines.read(LONGEST_LINE);
        if (line == null) {
            throw new IOException("the server has closed the connection");
        }
        return line;
    }

    @Override
    public void close() {
        connection.close();
    }
}
