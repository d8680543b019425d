package postern.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Which answers of a DNSBL count: `127.0.0.[2..11]`, `127.[0..255].0.[1;4;7..9]`; each of the four numbers
/// is one, or several in brackets.
final class DnsblFilter {
    private final List<BitSet> octets;

    private DnsblFilter(List<BitSet> octets) {
        this.octets = octets;
    }

    /// @throws IllegalArgumentException with what would be right
    static DnsblFilter parse(String text) {
        List<BitSet> octets = new ArrayList<>();
        int from = 0;
        while (octets.size() < 4) {
            int end = octetEnd(text, from);
            octets.add(octet(text.substring(from, end), text));
            from = end + 1;
            if (octets.size() < 4 && (end >= text.length() || text.charAt(end) != '.')) {
                throw wrong(text);
            }
        }
        if (from != text.length() + 1) {
            throw wrong(text);
        }
        return new DnsblFilter(octets);
    }

    boolean matches(InetAddress answer) {
        if (!(answer instanceof Inet4Address)) {
            return false;
        }
        byte[] bytes = answer.getAddress();
        for (int i = 0; i < 4; i++) {
            if (!octets.get(i).get(bytes[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    private static int octetEnd(String text, int from) {
        if (from < text.length() && text.charAt(from) == '[') {
            int close = text.indexOf(']', from);
            if (close < 0) {
                throw wrong(text);
            }
            return close + 1;
        }
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }

    private static BitSet octet(String octet, String text) {
        BitSet values = new BitSet(256);
        if (!octet.startsWith("[")) {
            values.set(number(octet, text));
            return values;
        }
        for (String part : octet.substring(1, octet.length() - 1).split(";", -1)) {
            int dots = part.indexOf("..");
            int first = number(dots < 0 ? part : part.substring(0, dots), text);
            int last = dots < 0 ? first : number(part.substring(dots + 2), text);
            if (last < first) {
                throw wrong(text);
            }
            values.set(first, last + 1);
        }
        return values;
    }

    private static int number(String digits, String text) {
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw wrong(text);
        }
        int number = Integer.parseInt(digits);
        if (number > 255) {
            throw wrong(text);
        }
        return number;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is not a filter such as 127.0.0.2 or 127.0.0.[2..11] or 127.0.[0;1].[2;4..6]");
    }
}
