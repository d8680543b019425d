package postern.bench;

import java.net.InetSocketAddress;

/// No server at all: generator into sink, the most that the tool could show.
record SinkPeer(String name, InetSocketAddress address) implements Peer {
    SinkPeer(InetSocketAddress address) {
        this("the tool alone", address);
    }

    @Override
    public double cpuSeconds() {
        return 0;
    }

    @Override
    public long residentMegabytes() {
        return -1;
    }

    @Override
    public void close() {
        // The sink is closed by whoever opened it.
    }
}
