package postern.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/// A name server on loopback, over UDP and TCP, that answers with what a function makes of the query; null
/// answers nothing.
public final class FakeNameServer implements AutoCloseable {
    private static final int UDP_SIZE = 1232;

    private final Function<Message, byte @Nullable []> answer;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final AtomicInteger queries = new AtomicInteger();

    FakeNameServer(Function<Message, byte @Nullable []> answer) throws IOException {
        this(0, answer);
    }

    /// @param port 0 lets the system choose
    public FakeNameServer(int port, Function<Message, byte @Nullable []> answer) throws IOException {
        this("127.0.0.1", port, answer);
    }

    /// @param address on loopback: one that others can be told of, with port 53
    public FakeNameServer(String address, int port, Function<Message, byte @Nullable []> answer) throws IOException {
        this.answer = answer;
        InetAddress loopback = InetAddress.getByName(address);
        tcp = new ServerSocket(port, 50, loopback);
        udp = new DatagramSocket(tcp.getLocalPort(), loopback);
        Thread.startVirtualThread(this::serveUdp);
        Thread.startVirtualThread(this::serveTcp);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    int queries() {
        return queries.get();
    }

    /// The beginning of an answer: id, question, no records.
    public static Message reply(Message query, int code) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.getHeader().setRcode(code);
        reply.addRecord(query.getQuestion(), org.xbill.DNS.Section.QUESTION);
        return reply;
    }

    private void serveUdp() {
        byte[] bytes = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                udp.receive(packet);
                byte[] query = java.util.Arrays.copyOf(bytes, packet.getLength());
                byte[] reply = answer(query);
                if (reply != null && reply.length > UDP_SIZE) {
                    Message cut = reply(new Message(query), 0);
                    cut.getHeader().setFlag(Flags.TC);
                    reply = cut.toWire();
                }
                if (reply != null) {
                    udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket socket = tcp.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] reply = answer(in.readNBytes(in.readUnsignedShort()));
                    if (reply != null) {
                        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                        out.writeShort(reply.length);
                        out.write(reply);
                        out.flush();
                    }
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private byte @Nullable [] answer(byte[] query) throws IOException {
        queries.incrementAndGet();
        return answer.apply(new Message(query));
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
