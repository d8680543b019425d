package postern.lookup;

import org.jspecify.annotations.Nullable;

/// Internet addresses as text, exactly as C's `inet_pton` reads them: four decimal numbers without leading
/// zeros, or an IPv6 address. An IPv4 address inside an IPv6 one stays IPv6.
final class IpText {
    private static final int V4_BYTES = 4;
    private static final int V6_GROUPS = 8;

    private IpText() {}

    /// Four or sixteen bytes, or null when the text is no address.
    static byte @Nullable [] parse(String text) {
        return text.indexOf(':') >= 0 ? v6(text) : v4(text);
    }

    private static byte @Nullable [] v4(String text) {
        if (text.isEmpty() || text.charAt(0) < '0' || text.charAt(0) > '9') {
            return null;
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != V4_BYTES) {
            return null;
        }
        byte[] bytes = new byte[V4_BYTES];
        for (int i = 0; i < V4_BYTES; i++) {
            int value = number(parts[i], 3, 10);
            if (value < 0 || value > 255 || (parts[i].length() > 1 && parts[i].startsWith("0"))) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap != text.lastIndexOf("::")) {
            return null;
        }
        if (gap < 0) {
            byte[] all = groups(text, true);
            return all != null && all.length == 2 * V6_GROUPS ? all : null;
        }
        byte[] before = groups(text.substring(0, gap), false);
        byte[] after = groups(text.substring(gap + 2), true);
        if (before == null || after == null || before.length + after.length > 2 * (V6_GROUPS - 1)) {
            return null;
        }
        byte[] bytes = new byte[2 * V6_GROUPS];
        System.arraycopy(before, 0, bytes, 0, before.length);
        System.arraycopy(after, 0, bytes, bytes.length - after.length, after.length);
        return bytes;
    }

    /// Groups between colons; at the end of the address the last may be an IPv4 address.
    private static byte @Nullable [] groups(String text, boolean isEnd) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] tail = isEnd && parts[parts.length - 1].indexOf('.') >= 0 ? v4(parts[parts.length - 1]) : new byte[0];
        if (tail == null || parts.length > V6_GROUPS) {
            return null;
        }
        int count = tail.length == 0 ? parts.length : parts.length - 1;
        byte[] bytes = new byte[2 * count + tail.length];
        for (int i = 0; i < count; i++) {
            int value = number(parts[i], 4, 16);
            if (value < 0) {
                return null;
            }
            bytes[2 * i] = (byte) (value >> 8);
            bytes[2 * i + 1] = (byte) value;
        }
        System.arraycopy(tail, 0, bytes, 2 * count, tail.length);
        return bytes;
    }

    private static int number(String text, int digits, int radix) {
        if (text.isEmpty() || text.length() > digits) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }
}
