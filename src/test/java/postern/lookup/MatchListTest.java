package postern.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;
import postern.lookup.MatchList.Parents;

class MatchListTest {
    private static MatchList list(Parents parents, String... members) {
        return new MatchList("main.cf:1: list", List.of(members), parents, TestTables.tables(Map.of()));
    }

    private static boolean has(MatchList list, String name) {
        return list.match(name) instanceof Lookup.Found;
    }

    private static boolean hasClient(MatchList list, String name, String address) {
        return list.match(name, address) instanceof Lookup.Found;
    }

    @Test
    void namesMatchWithoutCase() {
        MatchList list = list(Parents.NONE, "Example.com", "localhost");
        assertThat(has(list, "eXample.Com")).isTrue();
        assertThat(has(list, "sub.example.com")).isFalse();
        assertThat(has(list, "example.org")).isFalse();
    }

    @Test
    void parentsMatchWithOrWithoutADot() {
        assertThat(has(list(Parents.PLAIN, "example.com"), "a.b.example.com")).isTrue();
        assertThat(has(list(Parents.PLAIN, "example.com"), "notexample.com")).isFalse();
        assertThat(has(list(Parents.DOTTED, "example.com"), "a.example.com")).isFalse();
        assertThat(has(list(Parents.DOTTED, ".example.com"), "a.example.com")).isTrue();
        assertThat(has(list(Parents.DOTTED, ".example.com"), "example.com")).isFalse();
        assertThat(has(list(Parents.PLAIN, "inline:{example.com=x}"), "a.example.com"))
                .isTrue();
        assertThat(has(list(Parents.DOTTED, "inline:{.example.com=x}"), "a.example.com"))
                .isTrue();
        assertThat(has(list(Parents.NONE, "inline:{example.com=x}"), "a.example.com"))
                .isFalse();
    }

    @Test
    void theFirstMatchDecides() {
        MatchList list = list(Parents.PLAIN, "!bad.example.com", "example.com", "!inline:{x.org=y}", "static:all");
        assertThat(has(list, "bad.example.com")).isFalse();
        assertThat(has(list, "good.example.com")).isTrue();
        assertThat(has(list, "x.org")).isFalse();
        assertThat(has(list, "y.org")).isTrue();
        assertThat(has(list(Parents.NONE, "!!a"), "a")).isTrue();
    }

    @Test
    void aFailingTableIsNeitherYesNorNo() {
        MatchList list = list(Parents.NONE, "a", "fail:x", "b");
        assertThat(has(list, "a")).isTrue();
        assertThat(list.match("b")).isInstanceOf(Lookup.TempFail.class);
    }

    @Test
    void filesStandForTheirMembers(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("names");
        Files.writeString(file, "# comment\na.example, b.example\n  !c.example\n");
        MatchList list = list(Parents.NONE, "!" + file, "c.example", "d.example");
        assertThat(has(list, "a.example")).isFalse();
        assertThat(has(list, "c.example")).as("twice turned").isTrue();
        assertThat(has(list, "d.example")).isTrue();
        assertThat(has(list(Parents.NONE, file.toString()), "b.example")).isTrue();
        assertThatThrownBy(() -> list(Parents.NONE, directory.resolve("none").toString()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("main.cf:1: list: open ")
                .hasMessageEndingWith("No such file or directory");
    }

    @Test
    void clientsMatchByNameAddressAndNetwork() {
        MatchList list = list(
                Parents.PLAIN,
                "!192.0.2.66",
                "192.0.2.0/24",
                "[2001:db8::]/32",
                "[::1]",
                "good.example",
                "cidr:{{10.0.0.0/8 x}}",
                "inline:{203.0.113.5=x}");
        assertThat(hasClient(list, "unknown", "192.0.2.1")).isTrue();
        assertThat(hasClient(list, "unknown", "192.0.2.66")).isFalse();
        assertThat(hasClient(list, "unknown", "2001:db8:1::1")).isTrue();
        assertThat(hasClient(list, "unknown", "0:0:0:0:0:0:0:1")).isTrue();
        assertThat(hasClient(list, "mx.good.example", "198.51.100.1")).isTrue();
        assertThat(hasClient(list, "unknown", "10.9.8.7")).isTrue();
        assertThat(hasClient(list, "unknown", "203.0.113.5")).isTrue();
        assertThat(hasClient(list, "unknown", "203.0.113.6")).isFalse();
    }

    @Test
    void aNetworkWithHostBitsIsAnError() {
        assertThatThrownBy(() -> list(Parents.PLAIN, "192.0.2.1/24"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("non-null host address bits");
        assertThatThrownBy(() -> list(Parents.PLAIN, "!")).hasMessageContaining("no pattern after '!'");
    }
}
