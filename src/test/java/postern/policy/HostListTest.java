package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.ConfigException;
import postern.config.Parameter;
import postern.lookup.Lookup;

class HostListTest {
    private static final Parameter<List<String>> MYNETWORKS = Parameter.list("mynetworks", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.0/24 | unknown | 192.0.2.9 | true",
                "192.0.2.0/24 | unknown | 192.0.3.9 | false",
                "!192.0.2.9 192.0.2.0/24 | unknown | 192.0.2.9 | false",
                "!192.0.2.9 192.0.2.0/24 | unknown | 192.0.2.8 | true",
                "[2001:db8::]/32 | unknown | 2001:db8::1 | true",
                "[::ffff:192.0.2.0]/120 | unknown | 192.0.2.1 | true",
                "trusted.example | host.trusted.example | 198.51.100.1 | true",
                "trusted.example | TRUSTED.example | 198.51.100.1 | true",
                "trusted.example | nottrusted.example | 198.51.100.1 | false",
                "!bad.trusted.example trusted.example | bad.trusted.example | 198.51.100.1 | false",
                "!192.0.2.9 trusted.example 192.0.2.0/24 | host.trusted.example | 192.0.2.9 | false",
                "inline:{ { 198.51.100 = x } } | unknown | 198.51.100.7 | true",
                "inline:{ { 198.51.100.7 = x } } | unknown | 198.51.100.8 | false",
                "!inline:{ { host.example = x } } 0.0.0.0/0 | host.example | 198.51.100.8 | false"
            })
    void findsAClientByNetworkNameOrTable(String list, String name, String address, boolean expected) {
        HostList hosts = list(list);

        assertThat(hosts.has(name, InetAddress.ofLiteral(address))).isEqualTo(expected);
    }

    @Test
    void hasNoClientOfAUnixSocket() {
        assertThat(list("0.0.0.0/0 [::]/0").has("unknown", null)).isFalse();
    }

    @Test
    void tellsThatATableCannotBeAsked() {
        assertThat(list("fail:list").match("unknown", InetAddress.ofLiteral("192.0.2.1")))
                .isInstanceOf(Lookup.TempFail.class);
        assertThat(list("fail:list").has("unknown", InetAddress.ofLiteral("192.0.2.1")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1/24", "192.0.2.0/33", "[2001:db8::1", "nosuch:table"})
    void refusesAMemberThatCannotBeReadNamingWhere(String list) {
        assertThatThrownBy(() -> list(list))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("given: mynetworks: ");
    }

    private static HostList list(String members) {
        return new HostList(MYNETWORKS, new Setting("mynetworks = " + members).tables());
    }
}
