package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;

/// A server under load.
interface Peer extends AutoCloseable {
    /// As it stands in the table.
    String name();

    /// Where it takes mail.
    InetSocketAddress address();

    /// CPU seconds it has used so far, with all its processes.
    double cpuSeconds() throws IOException;

    /// Resident memory of all its processes; -1 when that says nothing.
    long residentMegabytes() throws IOException;

    @Override
    void close();
}
