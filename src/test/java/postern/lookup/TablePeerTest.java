package postern.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our tables and postmap(1) read the same files.
class TablePeerTest {
    private static final List<String> TEXT_KEYS = List.of(
            "key1",
            "KEY2",
            "quoted key",
            "\"quoted key\"",
            "\"a\\\"b\\\\c\"",
            "\"unclosed",
            "key3",
            "key4",
            "key5:",
            "half",
            "\"half\"x",
            "user@[ipv6:2001:db8::1]",
            "ünï@x",
            "ÜNÏ@X",
            "keyb",
            "cr",
            "form",
            "a\\\"",
            "\"x",
            "after",
            "\"x y\"z",
            "a\\",
            "indented",
            "key6");

    @TempDir
    Path directory;

    @BeforeEach
    void requirePostmap() {
        Postmap.required();
    }

    private String file(String name, byte[] content) throws Exception {
        Path file = directory.resolve(name);
        Files.write(file, content);
        return file.toString();
    }

    private static byte[] oddText() throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write("""
                  indented with nothing before it
                # comment
                key1 one
                key1 two
                KEY2 Upper
                "quoted key" qv
                "a\\"b\\\\c" esc
                "unclosed value
                key3\t  spaced   value \s
                  continued
                # comment inside
                  after comment
                key4
                key5: colon
                \t
                "half"x y
                user@[IPv6:2001:db8::1] literal
                Ünï@x UTF
                a\\" b v
                "x y"z w
                a\\\\ b
                cr val\r
                \r
                form\ffeed v
                """.getBytes(StandardCharsets.UTF_8));
        text.write(new byte[] {'k', 'e', 'y', 'b', ' ', (byte) 0xff, '\n'});
        text.write("key6 no newline at the end".getBytes(StandardCharsets.UTF_8));
        return text.toByteArray();
    }

    private void assertSame(String spec, List<String> keys) throws Exception {
        Postmap.Answers theirs = Postmap.query(spec, keys);
        assertThat(Postmap.differences(theirs.found(), Postmap.ours(TestTables.open(spec), keys), keys))
                .as("%s; postmap said: %s", spec, theirs.messages())
                .isEmpty();
    }

    @Test
    void textFilesHoldTheSameEntries() throws Exception {
        assertSame("texthash:" + file("table", oddText()), TEXT_KEYS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hash", "btree", "lmdb"})
    void textIsReadAsPostmapWouldHaveIndexedIt(String type) throws Exception {
        String file = file("table", oddText());
        Process postmap = new ProcessBuilder("/usr/sbin/postmap", type + ":" + file)
                .redirectErrorStream(true)
                .start();
        String said = new String(postmap.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(postmap.waitFor()).as(said).isZero();
        assertSame(type + ":" + file, TEXT_KEYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inline:{e=1,F=2}",
                "inline:{ {e = a  b} f=x=y}",
                "inline:{e=1,{e=2}}",
                "inline:{ { E = a = b } , }",
                "static:x",
                "static:a b",
                "static:{ a  b }",
                "unionmap:{static:a,static:b}",
                "unionmap:{ inline:{e=x} inline:{f=y} }",
                "unionmap:{inline:{e=x},static:{a b}}",
                "pipemap:{inline:{e=F},inline:{f=g}}",
                "pipemap:{static:e}",
                "pipemap:{inline:{e=none}, inline:{f=g}}",
                "pcre:{{/^(e+)$/ <$1> $$}, {/f/ y}}",
                "pcre:{{if /e/}, {/(.)/ in $1}, {endif}, {!/e/ out}}",
                "regexp:{{/E/ x}, {/f/!/g/ y}}",
                "regexp:{{/e/i small}, {/F/i large}}",
                "cidr:{{192.0.2.0/24 a}, {!10.0.0.0/8 b}}"
            })
    void tablesInMainCfGiveTheSame(String spec) throws Exception {
        assertSame(spec, List.of("e", "E", "f", "F", "ee", "fg", "192.0.2.9", "10.1.2.3", "none"));
    }

    @Test
    void rulesThatPostfixLeavesOutWeLeaveOut() throws Exception {
        String rules = """
                /^(a+)b$/ got $1 and ${1} $(1) $$1
                /^case$/i sens
                !/@/ noat
                /neg/!/x/ second
                !/x@/ neg $1
                /oor(a)/ $2
                /zero/ $0
                /nonnum/ $name
                if /if@/
                /x/ inif
                 cont
                endif
                if !/q@/ trailing
                /qq(.*)zz/ q$1
                endif junk
                /unclosed
                foo bar
                /badopt/q y
                |pipe@| piped
                /slash\\/@/ slashed
                /m@y/m multi
                endif
                /@dup(a*)/ [$1]
                if /a@/
                """;
        List<String> keys = List.of(
                "AaB",
                "CASE",
                "case",
                "nothing",
                "neg@y",
                "neg@x",
                "x@y",
                "oora@",
                "zero@",
                "nonnum@",
                "if@x",
                "if@y",
                "qqABzz@",
                "q@",
                "badopt@",
                "pipe@",
                "slash/@",
                "@dup",
                "@dupaa",
                "m@y",
                "foo@",
                "a@",
                "unclosed@");
        for (String type : List.of("regexp", "pcre")) {
            assertSame(type + ":" + file(type, rules.getBytes(StandardCharsets.UTF_8)), keys);
        }
    }

    @Test
    void networksMatchTheSame() throws Exception {
        String rules = """
                1.2.3.4 host
                10.0.0.0/8\tten
                10.0.0.1/8 bad
                if 192.168.0.0/16
                192.168.1.0/24 inner
                !192.168.2.0/24 not two
                endif
                [2001:db8::1]/128 v6a
                [2001:db8::/32] v6
                2001:db9::/32 v6b
                IF !0.0.0.0/0
                ::/0 never
                ENDIF
                novalue
                ::ffff:1.2.3.4 mapped
                300.1.1.1 bad
                10.1 short
                if 1.2.3.4 extra
                endif more
                endif
                172.16.0.0/12 a
                172.16.0.0/33 b
                [192.0.2.0]/25 c
                192.0.2.128/25
                !8.0.0.0/8 all but eight
                if 8.8.0.0/16
                8.8.8.8 open if
                """;
        List<String> keys = List.of(
                "1.2.3.4",
                "10.1.2.3",
                "192.168.1.1",
                "192.168.2.1",
                "192.168.3.1",
                "2001:db8::1",
                "2001:DB8:0::1",
                "2001:db8::2",
                "2001:db9::2",
                "3000::1",
                "::ffff:1.2.3.4",
                "abc",
                "172.16.1.1",
                "8.8.8.8",
                "8.9.8.8",
                "01.2.3.4",
                "1.2.3",
                "::",
                "1::2::3",
                "0.1.0.1::",
                "::0.1.0.1",
                "2001:db8::1.2.3.4",
                "1:2:3:4:5:6:7.8.9.1",
                "1:2:3:4:5:6:7:8:9",
                "192.0.2.127",
                "192.0.2.129",
                "");
        assertSame("cidr:" + file("cidr", rules.getBytes(StandardCharsets.UTF_8)), keys);
    }

    @Test
    void networksAtRandomMatchTheSame() throws Exception {
        Random random = new Random(Long.getLong("postern.seed", 20260702));
        List<String> rules = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int bits = random.nextInt(33);
            long address = random.nextInt(1 << 12) * 0x00100001L & 0xffffffffL & -1L << 32 - bits;
            rules.add((random.nextInt(9) == 0 ? "!" : "") + v4(address) + "/" + bits + " r" + i);
            keys.add(v4(random.nextInt(1 << 12) * 0x00100001L & 0xffffffffL));
        }
        // From the narrow to the wide, or the first /0 would answer all.
        rules.sort((a, b) -> length(b) - length(a));
        String file = file("random", String.join("\n", rules).getBytes(StandardCharsets.UTF_8));
        assertSame("cidr:" + file, keys);
    }

    private static int length(String rule) {
        return Integer.parseInt(rule.substring(rule.indexOf('/') + 1, rule.indexOf(' ')));
    }

    private static String v4(long address) {
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }
}
