package postern.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import postern.config.ConfigException;

class LookupFuzz {
    /// Whatever stands in a table's file, it is read; what is in the map is found, warnings are single lines.
    @FuzzTest
    void anyTextIsATable(FuzzedDataProvider data) {
        List<String> warnings = new ArrayList<>();
        String key = data.consumeString(20);
        byte[] file = data.consumeRemainingAsBytes();
        CompactMap map = TextTable.compile(file, "t", warnings::add);
        assertThat(map.size()).isLessThanOrEqualTo(file.length);
        String value = map.get(key);
        assertThat(value).matches(found -> found == null || !found.isEmpty());
        assertThat(warnings).allSatisfy(warning -> assertThat(warning).startsWith("t, line "));
    }

    /// What goes in comes out, the first of each key.
    @FuzzTest
    void theMapKeepsWhatItIsGiven(FuzzedDataProvider data) {
        Map<String, String> expected = new HashMap<>();
        CompactMap.Builder builder = new CompactMap.Builder();
        while (data.remainingBytes() > 0) {
            String key = utf8(data.consumeString(5));
            String value = utf8(data.consumeString(200));
            assertThat(builder.put(key, value)).isEqualTo(expected.putIfAbsent(key, value) == null);
        }
        CompactMap map = builder.build();
        assertThat(map.size()).isEqualTo(expected.size());
        expected.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
    }

    /// Lone surrogates have no UTF-8 form.
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /// Any expression compiles or is refused with a word; any key is answered in time.
    @FuzzTest
    void anyExpressionIsCompiledOrRefused(FuzzedDataProvider data) {
        Expression.Dialect dialect = data.consumeBoolean() ? new PcreExpression.Pcre() : new PosixExpression.Posix();
        List<String> warnings = new ArrayList<>();
        ExpressionRules rules = new ExpressionRules("map", dialect, warnings::add);
        String key = data.consumeString(30);
        String line = data.consumeRemainingAsString().toLowerCase(Locale.ROOT);
        try {
            rules.line("/" + line, 1);
            RuleList<ExpressionTable.Rule> list = rules.contents();
            new ExpressionTable("map", new Contents.Fixed<>(list)).find(key);
        } catch (ConfigException e) {
            assertThat(e).hasMessageStartingWith("map, line 1: ");
        }
    }

    /// However a reply arrives, it is a netstring or an error, and never longer than allowed.
    @FuzzTest
    void aReplyIsReadOrRefused(FuzzedDataProvider data) {
        int step = data.consumeInt(1, 10);
        int longest = data.consumeInt(0, 100);
        ByteBuffer input = ByteBuffer.wrap(data.consumeRemainingAsBytes());
        try {
            String reply = Netstring.read(
                    into -> {
                        int count = Math.min(step, Math.min(into.remaining(), input.remaining()));
                        into.put(input.slice(input.position(), count));
                        input.position(input.position() + count);
                        return count == 0 ? -1 : count;
                    },
                    longest);
            assertThat(reply.length()).isLessThanOrEqualTo(longest);
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    /// What one end writes the other reads.
    @FuzzTest
    void aNetstringGoesThereAndBack(FuzzedDataProvider data) throws IOException {
        String text = utf8(data.consumeRemainingAsString());
        ByteBuffer written = Netstring.encode(text);
        String read = Netstring.read(
                into -> {
                    int count = Math.min(into.remaining(), written.remaining());
                    into.put(written.slice(written.position(), count));
                    written.position(written.position() + count);
                    return count;
                },
                1 << 20);
        assertThat(read).isEqualTo(text);
        assertThat(written.hasRemaining()).isFalse();
    }

    /// An address that Java reads and we read is the same address.
    @FuzzTest
    void addressesAreReadAsJavaReadsThem(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsAsciiString();
        byte[] ours = IpText.parse(text);
        if (ours != null) {
            byte[] theirs = java.net.InetAddress.ofLiteral(text).getAddress();
            // Java gives an IPv4 address for an IPv4-mapped one.
            assertThat(ours).endsWith(theirs);
        }
    }
}
