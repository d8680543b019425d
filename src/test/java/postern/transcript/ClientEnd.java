package postern.transcript;

import java.io.IOException;

/// The client's end of a connection in a test: sends, and waits until the server waits.
public interface ClientEnd {
    void send(byte[] bytes) throws IOException;

    /// The client goes away.
    void hangUp() throws IOException;

    /// The client shakes hands, or fails to.
    void shakeHands(boolean success) throws IOException;

    /// Waits until the session waits for the client, or has ended; returns what it has said since the last
    /// time.
    String said() throws IOException;

    /// The server asks those who wait to end.
    void endWaiting();

    /// Whether the server has closed the connection.
    boolean isClosed();
}
