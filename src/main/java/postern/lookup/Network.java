package postern.lookup;

import org.jspecify.annotations.Nullable;

/// A network such as `192.0.2.0/24`, or a single address. Square brackets may stand round the address or the
/// whole (`[2001:db8::]/32`, `[2001:db8::/32]`).
final class Network {
    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /// @throws IllegalArgumentException in Postfix's words
    static Network parse(String pattern) {
        String text = unbracketed(pattern);
        int slash = text.indexOf('/');
        byte[] address = IpText.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            if (address == null) {
                throw new IllegalArgumentException("bad address pattern: \"" + text + "\"");
            }
            return new Network(address, 8 * address.length);
        }
        String mask = text.substring(slash + 1);
        if (mask.isEmpty() || !mask.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("bad mask value in \"" + text + "\"");
        }
        int width = text.indexOf(':') >= 0 ? 128 : 32;
        if (mask.length() > 5 || Integer.parseInt(mask) > width) {
            throw new IllegalArgumentException("bad mask length in \"" + text + "\"");
        }
        if (address == null) {
            throw new IllegalArgumentException("bad network value in \"" + text + "\"");
        }
        Network network = new Network(address, Integer.parseInt(mask));
        network.requireNoHostBits(text);
        return network;
    }

    private static String unbracketed(String pattern) {
        if (!pattern.startsWith("[")) {
            return pattern;
        }
        int close = pattern.indexOf(']');
        if (close < 0) {
            throw new IllegalArgumentException("missing ']' character after \"" + pattern + "\"");
        }
        String rest = pattern.substring(close + 1);
        if (!rest.isEmpty() && !rest.startsWith("/")) {
            throw new IllegalArgumentException("garbage after \"" + pattern.substring(0, close + 1) + "\"");
        }
        return pattern.substring(1, close) + rest;
    }

    private void requireNoHostBits(String text) {
        for (int bit = bits; bit < 8 * address.length; bit++) {
            if ((address[bit >> 3] & 0x80 >> (bit & 7)) != 0) {
                throw new IllegalArgumentException("non-null host address bits in \"" + text + "\"");
            }
        }
    }

    boolean isSameFamily(byte[] other) {
        return other.length == address.length;
    }

    /// Whether an address, as [IpText#parse(String)] gives it, lies in this network.
    boolean contains(byte @Nullable [] other) {
        if (other == null || other.length != address.length) {
            return false;
        }
        int whole = bits >> 3;
        for (int i = 0; i < whole; i++) {
            if (address[i] != other[i]) {
                return false;
            }
        }
        int rest = bits & 7;
        return rest == 0 || ((address[whole] ^ other[whole]) & 0xff00 >> rest & 0xff) == 0;
    }
}
