package postern.config;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A list of address blocks such as `mynetworks`: the first member that holds an address decides, and a
/// member that begins with `!` decides that it is not in the list.
///
/// Asking takes one look-up per prefix length that occurs, however many members there are.
public final class NetworkList {
    private static final NetworkList EMPTY = new NetworkList(List.of());

    private final List<String> members;
    /// From each prefix length that occurs to the first addresses of its blocks and each one's first place in
    /// the list.
    private final Map<Integer, Map<Bits, Integer>> ipv4 = new TreeMap<>();
    private final Map<Integer, Map<Bits, Integer>> ipv6 = new TreeMap<>();
    private final boolean[] inside;

    /// An address as a number: IPv4 in the upper half of `high`.
    private record Bits(long high, long low) {
        static Bits of(byte[] bytes) {
            long high = number(bytes, 0, Math.min(8, bytes.length));
            return bytes.length == 4 ? new Bits(high << 32, 0) : new Bits(high, number(bytes, 8, 16));
        }

        private static long number(byte[] bytes, int from, int to) {
            long number = 0;
            for (int i = from; i < to; i++) {
                number = number << 8 | (bytes[i] & 0xFF);
            }
            return number;
        }

        Bits first(int count) {
            return new Bits(high & mask(count), low & mask(count - 64));
        }

        private static long mask(int count) {
            return count <= 0 ? 0 : count >= 64 ? -1 : -1L << (64 - count);
        }
    }

    private NetworkList(List<String> members) {
        this.members = List.copyOf(members);
        this.inside = new boolean[members.size()];
        for (int i = 0; i < members.size(); i++) {
            String member = members.get(i);
            int start = 0;
            while (start < member.length() && member.charAt(start) == '!') {
                start++;
            }
            inside[i] = start % 2 == 0;
            Cidr block = Cidr.parse(member.substring(start));
            byte[] bytes = block.network().getAddress();
            (bytes.length == 4 ? ipv4 : ipv6)
                    .computeIfAbsent(block.bits(), length -> new HashMap<>())
                    .putIfAbsent(Bits.of(bytes), i);
        }
    }

    /// Reads the members.
    ///
    /// @throws IllegalArgumentException when one is no address block, or has host bits set
    public static NetworkList of(List<String> members) {
        return members.isEmpty() ? EMPTY : new NetworkList(members);
    }

    /// Whether the list holds an address. An IPv4-mapped IPv6 address is its IPv4 address.
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 16) {
            bytes = Cidr.address(bytes).getAddress();
        }
        Bits bits = Bits.of(bytes);
        int first = Integer.MAX_VALUE;
        for (Map.Entry<Integer, Map<Bits, Integer>> blocks : (bytes.length == 4 ? ipv4 : ipv6).entrySet()) {
            Integer place = blocks.getValue().get(bits.first(blocks.getKey()));
            first = place == null ? first : Math.min(first, place);
        }
        return first != Integer.MAX_VALUE && inside[first];
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    /// The members as they were written.
    public List<String> members() {
        return members;
    }

    @Override
    public String toString() {
        return String.join(" ", members);
    }
}
