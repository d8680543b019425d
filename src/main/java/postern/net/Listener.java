package postern.net;

import java.io.Closeable;

/// A listening socket. Each connection gets a virtual thread of its own.
public interface Listener extends Closeable {
    /// What to do with an accepted connection; runs in its own virtual thread, and the connection is closed
    /// when it returns.
    @FunctionalInterface
    interface Session {
        void serve(Connection connection);

        /// Whether who connects from there is served when strangers hold all other places.
        default boolean prefers(Endpoint peer) {
            return false;
        }
    }

    /// Where it listens: the port the system chose when 0 was asked for.
    Endpoint local();

    /// Stops accepting; open connections live on.
    @Override
    void close();
}
