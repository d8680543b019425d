package postern.pop3.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import postern.wire.DotWriter;

/// Writes lists behind a response, several lines at a time.
final class Lines {
    private static final int AT_ONCE = 4096;

    private final DotWriter to;
    private final StringBuilder text = new StringBuilder();

    Lines(DotWriter to) {
        this.to = to;
    }

    static void write(DotWriter to, List<String> lines) throws IOException {
        Lines all = new Lines(to);
        for (String line : lines) {
            all.add(line);
        }
        all.flush();
    }

    void add(String line) throws IOException {
        text.append(line).append("\r\n");
        if (text.length() > AT_ONCE) {
            flush();
        }
    }

    void flush() throws IOException {
        to.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
        text.setLength(0);
    }
}
