package postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkListTest {
    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, 127.1.2.3, true",
        "127.0.0.0/8, 128.0.0.0, false",
        "[::ffff:127.0.0.0]/104, 127.1.2.3, true",
        "[::ffff:127.0.0.0]/104, ::ffff:127.1.2.3, true",
        "[::ffff:127.0.0.0]/104, 126.1.2.3, false",
        "192.0.2.0/24, ::ffff:192.0.2.9, true",
        "[::1]/128, ::1, true",
        "[::1], ::1, true",
        "[::1], ::2, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "192.0.2.1, 192.0.2.1, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "[::]/0, 203.0.113.9, false",
        "[::]/0, 2001:db8::1, true"
    })
    void holdsTheAddressesOfItsBlock(String member, String address, boolean inside) {
        assertThat(NetworkList.of(List.of(member)).contains(address(address))).isEqualTo(inside);
    }

    @Test
    void theFirstMemberThatHoldsTheAddressDecides() {
        NetworkList list = NetworkList.of(List.of("!192.0.2.7", "192.0.2.0/24", "!192.0.2.8", "!!198.51.100.1"));
        assertThat(list.contains(address("192.0.2.7"))).isFalse();
        assertThat(list.contains(address("192.0.2.8"))).isTrue();
        assertThat(list.contains(address("198.51.100.1"))).isTrue();
        assertThat(list.contains(address("203.0.113.1"))).isFalse();
        assertThat(NetworkList.of(List.of()).contains(address("::1"))).isFalse();
    }

    @Test
    void hostBitsAreRefusedWithWhatWouldBeRight() {
        assertThatThrownBy(() -> Cidr.parse("192.168.2.1/24"))
                .hasMessage("non-null host address bits in \"192.168.2.1/24\","
                        + " perhaps you should use \"192.168.2.0/24\" instead");
        assertThatThrownBy(() -> Cidr.parse("[2001:db8::1]/64")).hasMessageContaining("\"[2001:db8::]/64\" instead");
        assertThatThrownBy(() -> Cidr.parse("2001:db8::1/64")).hasMessageContaining("\"2001:db8::/64\" instead");
        assertThatThrownBy(() -> Cidr.parse("[::ffff:127.0.0.1]/104")).hasMessageContaining("\"127.0.0.0/8\" instead");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "127.0.0.1/33",
                "127.0.0.1/-1",
                "127.0.0.1/",
                "127.1",
                "127.0.0.256",
                "127.0.0.01",
                "[127.0.0.1]",
                "[::1",
                "::1]/128",
                "::1/129",
                "fe80::1%eth0",
                ":::",
                "example.com",
                "[::ffff:0:0]/80"
            })
    void whatIsNoBlockIsRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "::1, [::1]/128",
        "2001:0DB8:0:0:0:0:0:0/32, [2001:db8::]/32",
        "1:0:0:2:0:0:0:3, [1:0:0:2::3]/128",
        "1:0:2:0:3:0:4:5, [1:0:2:0:3:0:4:5]/128",
        "::/0, [::]/0",
        "::ffff:192.0.2.1, 192.0.2.1/32"
    })
    void blocksAreWrittenAsMainCfHasThem(String text, String written) {
        assertThat(Cidr.parse(text)).hasToString(written);
        assertThat(Cidr.parse(written)).isEqualTo(Cidr.parse(text));
    }

    /// The look-up by prefix length answers as a walk over the members does.
    @Test
    void answersAsAWalkOverTheMembersDoes() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<String> members = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
                random.nextBytes(bytes);
                bytes[0] = (byte) (bytes[0] & 1 | 32);
                Cidr block = Cidr.around(Cidr.address(bytes), random.nextInt(bytes.length * 2));
                members.add((random.nextInt(3) == 0 ? "!" : "") + block);
            }
            NetworkList list = NetworkList.of(members);
            for (int i = 0; i < 50; i++) {
                byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
                random.nextBytes(bytes);
                bytes[0] = (byte) (bytes[0] & 1 | 32);
                InetAddress asked = Cidr.address(bytes);
                assertThat(list.contains(asked)).as("%s in %s", asked, list).isEqualTo(walk(members, asked));
            }
        }
    }

    private static boolean walk(List<String> members, InetAddress address) {
        for (String member : members) {
            boolean not = member.startsWith("!");
            if (Cidr.parse(not ? member.substring(1) : member).contains(address)) {
                return !not;
            }
        }
        return false;
    }
}
