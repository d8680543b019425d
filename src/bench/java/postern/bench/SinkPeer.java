package postern.bench;

import java.net.InetSocketAddress;

/// No server at all: generator into sink, the most that the tool could show.
record SinkPeer(InetSocketAddress address) implements Peer {
    @Override
    public String name() {
        return "the tool alone";
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
