package postern.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.Deadline;
import postern.net.Dialer;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.TlsSettings;

/// A policy server in memory. Its answer to a request is a text, or null: then it closes the connection.
final class FakePolicyServer implements Dialer {
    final List<Endpoint> dialled = new ArrayList<>();
    final List<String> requests = new ArrayList<>();
    Function<String, @Nullable String> answer = request -> "action=DUNNO\n\n";
    /// Requests that one connection serves before it is closed.
    int patience = Integer.MAX_VALUE;

    @Override
    public Connection dial(Endpoint to, @Nullable Endpoint from, Duration timeout) throws IOException {
        dialled.add(to);
        if (to.port() == 1) {
            throw new IOException("Connection refused");
        }
        return new End(to);
    }

    /// The client's end.
    private final class End implements Connection {
        private final Endpoint peer;
        private final StringBuilder received = new StringBuilder();
        private ByteBuffer reply = ByteBuffer.allocate(0);
        private int served;
        private boolean closed;

        End(Endpoint peer) {
            this.peer = peer;
        }

        @Override
        public int read(ByteBuffer into) {
            if (!reply.hasRemaining()) {
                return -1;
            }
            int count = Math.min(reply.remaining(), into.remaining());
            into.put(reply.slice(reply.position(), count));
            reply.position(reply.position() + count);
            return count;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            if (closed || served >= patience) {
                throw new IOException("Broken pipe");
            }
            received.append(StandardCharsets.UTF_8.decode(bytes));
            if (received.indexOf("\n\n") < 0) {
                return;
            }
            served++;
            requests.add(received.toString());
            String text = answer.apply(received.toString());
            received.setLength(0);
            closed = text == null;
            reply = ByteBuffer.wrap((text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Endpoint peer() {
            return peer;
        }

        @Override
        public Endpoint local() {
            return Endpoint.unix("local");
        }

        @Override
        public @Nullable TlsFacts tls() {
            return null;
        }

        @Override
        public void startTls(TlsSettings settings) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Deadline deadline() {
            return new Deadline() {
                @Override
                public void in(Duration time) {}

                @Override
                public void never() {}

                @Override
                public boolean expired() {
                    return false;
                }
            };
        }

        @Override
        public void shutdownInput() {
            closed = true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
