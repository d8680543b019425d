package postern.net;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import postern.wire.ByteSink;
import postern.wire.ByteSource;

/// A byte stream to a peer. Used by one session's thread; [#close()] and [#shutdownInput()] may be called
/// from any.
public interface Connection extends ByteSource, ByteSink, Closeable {
    /// Waits for bytes. Returns -1 at the end of input, and also when the deadline has passed: then
    /// [Deadline#expired()] says so, and the session can still write its farewell.
    @Override
    int read(ByteBuffer into) throws IOException;

    /// Writes all that remains. A write that outlasts its deadline ends with an IOException: the raw channel
    /// was closed.
    @Override
    void write(ByteBuffer bytes) throws IOException;

    /// The other side.
    Endpoint peer();

    /// This side.
    Endpoint local();

    /// What was agreed, or null in clear.
    @Nullable
    TlsFacts tls();

    /// Puts TLS over the stream and shakes hands; returns when both sides have finished. Bytes read earlier
    /// and not consumed must have been thrown away by the caller (RFC 3207 §4.2, CVE-2011-0411).
    ///
    /// @throws IOException when the handshake fails; the connection is of no more use
    void startTls(TlsSettings settings) throws IOException;

    /// The clock over this connection's reads and writes.
    Deadline deadline();

    /// Makes a waiting read return -1, from any thread: how a session that only waits is asked to end.
    void shutdownInput();

    @Override
    void close();
}
