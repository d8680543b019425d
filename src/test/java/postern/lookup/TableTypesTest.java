package postern.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.ConfigException;

class TableTypesTest {
    @Test
    void anUnknownTypeIsNamedTogetherWithThoseThereAre() {
        assertThatThrownBy(() -> TestTables.open("ldap:/etc/postfix/ldap.cf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unsupported table type \"ldap\"")
                .hasMessageContaining("cidr, dbm, fail, hash, inline, lmdb, pcre, pipemap, randmap, regexp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "static:",
                "inline:{}",
                "inline:{e}",
                "inline:{a b=c}",
                "inline: {e=1}",
                "inline:{e=1}x",
                "static:{x}y",
                "unionmap:{}",
                "unionmap:{x}",
                "pipemap:static:x",
                "randmap:{}",
                "pcre:{/x/ y}",
                "cidr:{1.2.3.4 x}",
                "unix:x",
                "regexp:{{/(/ x}}",
                "pcre:{{/(?R)/ x}}",
                "pcre:{{/a\\Kb/ x}}",
                "regexp:{{/a{2,1}/ x}}"
            })
    void whatCannotBeOpenedIsRefusedByName(String spec) {
        assertThatThrownBy(() -> TestTables.open(spec)).isInstanceOf(ConfigException.class);
    }

    @Test
    void proxyIsDropped() {
        assertThat(TestTables.open("proxy:static:x").find("a")).isEqualTo(new Lookup.Found("x"));
        assertThat(TestTables.open("proxy:unix:passwd.byname").find("root")).isInstanceOf(Lookup.Found.class);
        assertThat(TestTables.open("unix:group.byname").find("no such group")).isEqualTo(Lookup.NOT_FOUND);
    }

    @Test
    void aTableIsOpenedOnceForAll() {
        Tables tables = TestTables.tables(Map.of());
        assertThat(tables.open("static:x")).isSameAs(tables.open("static:x"));
        assertThat(tables.with(tables.context().conf()).open("static:x")).isSameAs(tables.open("static:x"));
    }

    @Test
    void theFirstThatFindsAnswersAndAFailureEndsTheSearch() {
        Tables tables = TestTables.tables(Map.of());
        Table table = tables.open("here", List.of("inline:{a=1}", "inline:{a=2,b=2}", "fail:x", "static:3"));
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("1"));
        assertThat(table.find("b")).isEqualTo(new Lookup.Found("2"));
        assertThat(table.find("c")).isInstanceOf(Lookup.TempFail.class);
        assertThat(table.find("")).as("no table is asked for nothing").isEqualTo(Lookup.NOT_FOUND);
        assertThat(tables.open("here", List.of()).find("a")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(tables.open("here", List.of("inline:{e=}")).find("e")).isInstanceOf(Lookup.TempFail.class);
    }

    @Test
    void patternsAreNotAskedForParts() {
        Tables tables = TestTables.tables(Map.of());
        for (String spec : List.of(
                "pcre:{{/./ x}}",
                "regexp:{{/./ x}}",
                "cidr:{{0.0.0.0/0 x}}",
                "randmap:{x}",
                "unionmap:{pcre:{{/./ x}}}",
                "pipemap:{pcre:{{/./ x}},static:x}")) {
            Table table = tables.open("here", List.of(spec));
            assertThat(table.find("192.0.2.1")).isEqualTo(new Lookup.Found("x"));
            assertThat(table.findPart("192.0.2.1")).as(spec).isEqualTo(Lookup.NOT_FOUND);
        }
        assertThat(tables.open("here", List.of("unionmap:{static:x,pcre:{{/./ y}}}"))
                        .findPart("a"))
                .isEqualTo(new Lookup.Found("x,y"));
    }

    @Test
    void randmapGivesOneOfItsValues() {
        Table table = TestTables.open("randmap:{a b}");
        for (int i = 0; i < 20; i++) {
            assertThat(table.find("x")).isIn(new Lookup.Found("a"), new Lookup.Found("b"));
        }
    }

    /// An expression that never ends is a temporary failure, not a busy processor.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "pcre:{{/^(a*)*\\1!b/ x}}; aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
                "regexp:{{/^(a*)*\\1!b/ x}}; aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
                "pcre:{{/(.*)(.*)(.*)(.*)(.*)b/ x}}; aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void anExpressionThatNeverEndsFailsForNow(String spec, String key) {
        assertThat(TestTables.open(spec).find(key))
                .isInstanceOfSatisfying(
                        Lookup.TempFail.class,
                        fail -> assertThat(fail.reason()).contains("line 1: matching takes too long"));
    }

    @Test
    void anOrdinaryExpressionMayRunOverALongField() {
        String field = "X-Long: " + "abc ".repeat(25_000);
        Table table = TestTables.open("pcre:{{/.*foo.*bar/ x}, {/^X-Long:.*\\bspam/ y}, {/(b|c| )+zzz/ z}}");
        assertThat(table.find(field)).isEqualTo(Lookup.NOT_FOUND);
        assertThat(TestTables.open("regexp:{{/.*foo.*bar/ x}, {/^x-long: (abc )/ $1}}")
                        .find(field))
                .isEqualTo(new Lookup.Found("abc "));
    }

    @Test
    void whatAGroupMatchedKeepsItsUtf8() {
        assertThat(TestTables.open("pcre:{{/^(.*)@dömäin$/ ö$1}}").find("Jürgen@dömäin"))
                .isEqualTo(new Lookup.Found("öJürgen"));
    }
}
