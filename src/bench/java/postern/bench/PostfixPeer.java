package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import postern.peers.Commands;
import postern.peers.PostfixInstance;

/// Debian's Postfix as an instance of its own.
final class PostfixPeer implements Peer {
    private final PostfixInstance postfix;
    private final InetSocketAddress address;
    private final String name;

    /// With the guide's main.cf: its queue.
    PostfixPeer(Path directory, InetSocketAddress address, InetSocketAddress sink) throws IOException {
        this(directory, address, sink, "Postfix " + version(), "");
    }

    /// @param settings behind the guide's main.cf
    PostfixPeer(Path directory, InetSocketAddress address, InetSocketAddress sink, String name, String settings)
            throws IOException {
        Ports.awaitFree(address);
        this.address = address;
        this.name = name;
        this.postfix = new PostfixInstance(
                directory,
                address.getAddress().getHostAddress() + ":" + address.getPort(),
                GuideFiles.mainCf() + settings,
                GuideFiles.tables(sink));
    }

    static String version() throws IOException {
        return Commands.run("postconf", "-dh", "mail_version").strip();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public double cpuSeconds() throws IOException {
        return Processes.cpuSeconds(postfix.masterPid());
    }

    @Override
    public long residentMegabytes() throws IOException {
        return Processes.residentMegabytes(postfix.masterPid());
    }

    @Override
    public void close() {
        postfix.close();
    }
}
