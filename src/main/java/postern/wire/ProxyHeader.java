package postern.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The header that a proxy puts in front of a connection (HAProxy's PROXY protocol, versions 1 and 2): who
/// the client is, and which address it came to.
///
/// @param source null when the proxy speaks for itself (LOCAL: its health check)
/// @param destination null when `source` is
public record ProxyHeader(
        @Nullable InetAddress source,
        int sourcePort,
        @Nullable InetAddress destination,
        int destinationPort) {

    /// The first bytes are no header, or one that cannot be used. Nothing may be concluded about the client.
    public static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int V1_LIMIT = 107;
    private static final int V2_HEAD = 16;
    private static final int V2_LIMIT = 4096;
    private static final ProxyHeader LOCAL = new ProxyHeader(null, 0, null, 0);

    /// Reads one header; what follows it stays in the window.
    ///
    /// @throws EOFException when the input ends within it
    public static ProxyHeader read(Window window) throws IOException {
        need(window, 1);
        return window.bytes()[window.start()] == SIGNATURE[0] ? version2(window) : version1(window);
    }

    private static ProxyHeader version1(Window window) throws IOException {
        StringBuilder line = new StringBuilder(V1_LIMIT);
        while (line.length() < 2 || line.charAt(line.length() - 1) != '\n') {
            if (line.length() == V1_LIMIT) {
                throw new Malformed("PROXY line longer than " + V1_LIMIT + " bytes");
            }
            need(window, 1);
            line.append((char) (window.bytes()[window.start()] & 0xff));
            window.consume(1);
            if (line.length() <= 6 && !"PROXY ".startsWith(line.toString())) {
                throw new Malformed("no PROXY header");
            }
        }
        if (line.charAt(line.length() - 2) != '\r') {
            throw new Malformed("PROXY line without CR LF");
        }
        String[] words = line.substring(0, line.length() - 2).split(" ", -1);
        if (words.length != 6 || !(words[1].equals("TCP4") || words[1].equals("TCP6"))) {
            throw new Malformed("PROXY header does not name a client");
        }
        boolean ipv6 = words[1].equals("TCP6");
        return new ProxyHeader(address(words[2], ipv6), port(words[4]), address(words[3], ipv6), port(words[5]));
    }

    private static InetAddress address(String text, boolean ipv6) throws Malformed {
        boolean fits = text.length() <= 45
                && text.chars()
                        .allMatch(c -> c == '.' || (c >= '0' && c <= '9') || (ipv6 && (c == ':' || isHex((char) c))));
        if (!fits || text.indexOf(':') >= 0 != ipv6 || (!ipv6 && text.split("\\.", -1).length != 4)) {
            throw new Malformed("bad address in PROXY header");
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new Malformed("bad address in PROXY header");
        }
    }

    private static boolean isHex(char c) {
        return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static int port(String text) throws Malformed {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65535) {
            throw new Malformed("bad port in PROXY header");
        }
        return port;
    }

    private static ProxyHeader version2(Window window) throws IOException {
        byte[] head = take(window, V2_HEAD);
        if (!Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length) || (head[12] & 0xf0) != 0x20) {
            throw new Malformed("no PROXY header");
        }
        int length = unsigned16(head, 14);
        if (length > V2_LIMIT) {
            throw new Malformed("PROXY header longer than " + V2_LIMIT + " bytes");
        }
        byte[] rest = take(window, length);
        int command = head[12] & 0x0f;
        if (command == 0) {
            return LOCAL;
        }
        int size = switch (head[13]) {
            case 0x11 -> 4;
            case 0x21 -> 16;
            default -> throw new Malformed("PROXY header does not name a client");
        };
        if (command != 1 || length < 2 * size + 4) {
            throw new Malformed("PROXY header does not name a client");
        }
        return new ProxyHeader(
                address(rest, 0, size),
                unsigned16(rest, 2 * size),
                address(rest, size, size),
                unsigned16(rest, 2 * size + 2));
    }

    private static InetAddress address(byte[] bytes, int from, int size) throws UnknownHostException {
        return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + size));
    }

    private static int unsigned16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    private static byte[] take(Window window, int count) throws IOException {
        byte[] taken = new byte[count];
        for (int got = 0; got < count; ) {
            need(window, 1);
            int some = Math.min(count - got, window.available());
            System.arraycopy(window.bytes(), window.start(), taken, got, some);
            window.consume(some);
            got += some;
        }
        return taken;
    }

    private static void need(Window window, int count) throws IOException {
        while (window.available() < count) {
            if (!window.fill()) {
                throw new EOFException("lost connection within the PROXY header");
            }
        }
    }

    /// The header as a proxy sends it in version 2. Where the addresses are of two families, the destination is
    /// made one of the source's: the source must stay what it is.
    public byte[] version2() {
        ByteBuffer header = ByteBuffer.allocate(V2_HEAD + 2 * 16 + 4);
        header.put(SIGNATURE);
        if (source == null) {
            header.put((byte) 0x20).put((byte) 0).putShort((short) 0);
        } else {
            byte[] from = source.getAddress();
            boolean four = from.length == 4;
            header.put((byte) 0x21).put((byte) (four ? 0x11 : 0x21)).putShort((short) (2 * from.length + 4));
            header.put(from).put(inFamily(destination, from.length));
            header.putShort((short) sourcePort).putShort((short) destinationPort);
        }
        return Arrays.copyOf(header.array(), header.position());
    }

    /// IPv4 in IPv6 is mapped (RFC 4291 §2.5.5.2); IPv6 does not fit into IPv4 and becomes 0.0.0.0.
    private static byte[] inFamily(@Nullable InetAddress address, int size) {
        byte[] bytes = address == null ? new byte[size] : address.getAddress();
        if (bytes.length == size) {
            return bytes;
        }
        byte[] other = new byte[size];
        if (size == 16) {
            other[10] = (byte) 0xff;
            other[11] = (byte) 0xff;
            System.arraycopy(bytes, 0, other, 12, 4);
        }
        return other;
    }

    /// The header as a proxy sends it in version 1.
    @Override
    public String toString() {
        if (source == null || destination == null) {
            return "PROXY UNKNOWN";
        }
        return "PROXY TCP" + (source.getAddress().length == 4 ? "4 " : "6 ")
                + String.join(
                        " ",
                        source.getHostAddress(),
                        destination.getHostAddress(),
                        Integer.toString(sourcePort),
                        Integer.toString(destinationPort));
    }
}
