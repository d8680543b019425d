package postern.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import postern.wire.ByteSink;

/// A client's end that can also write below its TLS.
final class RawEnd {
    private final SocketChannel channel;
    private final ByteSink sink;
    private TlsStream tls;

    RawEnd(SocketChannel channel) {
        this.channel = channel;
        this.sink = bytes -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        };
        this.tls =
                new TlsStream(Certificates.anyServer().engine(Endpoint.unix("")), Runnable::run, channel::read, sink);
    }

    /// @param client takes the client's channel at index 0; the pair's client end must not be used
    static Loopback open(Deadlines deadlines, SocketChannel[] client) throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(Loopback.HOST, 0));
            client[0] = SocketChannel.open(listening.getLocalAddress());
            return new Loopback(
                    new SocketConnection(listening.accept(), deadlines), new SocketConnection(client[0], deadlines));
        }
    }

    void startTls(TlsSettings settings) throws IOException {
        tls = new TlsStream(settings.engine(Endpoint.unix("")), Runnable::run, channel::read, sink);
        tls.handshake(settings::trust);
    }

    void write(String text) throws IOException {
        tls.write(Loopback.bytes(text));
    }

    void sayGoodbye() {
        tls.sayGoodbye(sink);
    }

    void inClear(String text) throws IOException {
        ByteBuffer bytes = Loopback.bytes(text);
        sink.write(bytes);
    }
}
