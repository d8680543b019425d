package postern.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// A block of addresses: `192.0.2.0/24`, `192.0.2.1`, `2001:db8::/32`, `[2001:db8::]/32`.
///
/// A block of IPv4-mapped addresses is the IPv4 block it maps: `[::ffff:127.0.0.0]/104` is `127.0.0.0/8`.
///
/// @param network the first address of the block
/// @param bits how many leading bits count
public record Cidr(InetAddress network, int bits) {
    private static final int MAPPED_BITS = 96;

    /// Reads a block or a single address.
    ///
    /// @throws IllegalArgumentException when the text is no block, or has bits set beyond its prefix; the
    ///     message says what would be right
    public static Cidr parse(String text) {
        int slash = text.lastIndexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        boolean bracketed = host.startsWith("[");
        if (bracketed) {
            if (!host.endsWith("]")) {
                throw wrong(text);
            }
            host = host.substring(1, host.length() - 1);
        }
        if (bracketed && host.indexOf(':') < 0) {
            throw wrong(text);
        }
        InetAddress address = address(host, text);
        boolean mapped = host.indexOf(':') >= 0 && address instanceof Inet4Address;
        int written = host.indexOf(':') >= 0 ? 128 : 32;
        int bits = slash < 0 ? written : prefix(text.substring(slash + 1), written, text);
        if (!mapped) {
            return checked(address, bits, text, bracketed);
        }
        if (bits < MAPPED_BITS) {
            throw new IllegalArgumentException("\"" + text + "\" holds more than the IPv4-mapped addresses; those are"
                    + " [::ffff:0.0.0.0]/96 and the blocks within");
        }
        return checked(address, bits - MAPPED_BITS, text, bracketed);
    }

    private static Cidr checked(InetAddress address, int bits, String text, boolean bracketed) {
        Cidr block = around(address, bits);
        if (!block.network.equals(address)) {
            String right = block.toString();
            throw new IllegalArgumentException("non-null host address bits in \"" + text
                    + "\", perhaps you should use \"" + (bracketed ? right : right.replaceAll("[\\[\\]]", ""))
                    + "\" instead");
        }
        return block;
    }

    /// The block of `bits` leading bits that holds an address.
    public static Cidr around(InetAddress address, int bits) {
        byte[] bytes = address.getAddress();
        return new Cidr(address(masked(bytes, bits)), bits);
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] ours = network.getAddress();
        return bytes.length == ours.length && Arrays.equals(masked(bytes, bits), ours);
    }

    private static byte[] masked(byte[] bytes, int bits) {
        byte[] kept = bytes.clone();
        for (int i = 0; i < kept.length; i++) {
            int inByte = Math.clamp(bits - 8L * i, 0, 8);
            kept[i] &= (byte) (0xFF << (8 - inByte));
        }
        return kept;
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static InetAddress address(String host, String text) {
        boolean v6 = host.indexOf(':') >= 0;
        boolean plain = v6
                ? host.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.')
                : host.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
        if (!plain) {
            throw wrong(text);
        }
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wrong(text).getMessage(), e);
        }
    }

    private static int prefix(String digits, int most, String text) {
        if (!Values.isDigits(digits) || digits.length() > 3 || Integer.parseInt(digits) > most) {
            throw new IllegalArgumentException("\"" + text + "\" has no prefix length from 0 to " + most);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no address block such as 192.0.2.0/24 or [2001:db8::]/32");
    }

    /// As main.cf writes it: with brackets around IPv6.
    @Override
    public String toString() {
        if (network instanceof Inet4Address) {
            return network.getHostAddress() + "/" + bits;
        }
        return "[" + Ip6Text.of(network.getAddress()) + "]/" + bits;
    }
}
