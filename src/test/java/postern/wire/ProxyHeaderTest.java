package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("UnicodeEscape") // these are bytes, not letters
class ProxyHeaderTest {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

    private static ProxyHeader read(String text, int step) throws IOException {
        return ProxyHeader.read(Windows.of(text, step));
    }

    @Test
    void version1NamesTheClient() throws IOException {
        for (int step = 1; step < 60; step++) {
            Window window = Windows.of("PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\nEHLO x\r\n", step);
            ProxyHeader header = ProxyHeader.read(window);
            assertThat(header)
                    .isEqualTo(new ProxyHeader(
                            InetAddress.ofLiteral("192.0.2.7"), 4711, InetAddress.ofLiteral("198.51.100.1"), 25));
            assertThat(header.toString()).isEqualTo("PROXY TCP4 192.0.2.7 198.51.100.1 4711 25");
            assertThat(new LineReader(window).read(100)).isEqualTo("EHLO x");
        }
        assertThat(read("PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n", 9).source())
                .isEqualTo(InetAddress.ofLiteral("2001:db8::7"));
    }

    @Test
    void version2NamesTheClient() throws IOException {
        String v4 = SIGNATURE + "\u0021\u0011\0\u000c" + "\u00c0\0\2\7" + "\u00c6\u0033\144\1" + "\u0012\u0067\0\u0019";
        for (int step = 1; step < 30; step++) {
            Window window = Windows.of(v4 + "EHLO x\r\n", step);
            assertThat(ProxyHeader.read(window).toString()).isEqualTo("PROXY TCP4 192.0.2.7 198.51.100.1 4711 25");
            assertThat(new LineReader(window).read(100)).isEqualTo("EHLO x");
        }
        String withMore = SIGNATURE + "\u0021\u0011\0\u000f" + v4.substring(16) + "abc";
        assertThat(read(withMore, 5).sourcePort()).isEqualTo(4711);
        String v6 = SIGNATURE + "\u0021\u0021\0\u0024" + "\0".repeat(15) + "\1" + "\0".repeat(15) + "\1\0\1\0\2";
        assertThat(read(v6, 7).source()).isEqualTo(InetAddress.ofLiteral("::1"));
    }

    @Test
    void aProxySpeakingForItselfNamesNobody() throws IOException {
        assertThat(read(SIGNATURE + "\u0020\0\0\0", 3).source()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 25 x\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 65536\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 +1 25\r\n",
                "PROXY TCP4 192.0.2.700 198.51.100.1 4711 25\r\n",
                "PROXY TCP4 192.0.2 198.51.100.1 4711 25\r\n",
                "PROXY TCP4 client.example 198.51.100.1 4711 25\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 4711 25\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 4711 25\r\n",
                "PROXY  TCP4 192.0.2.7 198.51.100.1 4711 25\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\n",
                "EHLO client.example\r\n",
                "GET / HTTP/1.1\r\n",
                "\r\n\r\nEHLO client.example\r\n"
            })
    void anythingElseIsNoHeader(String text) {
        assertThatThrownBy(() -> read(text, 10)).isInstanceOf(ProxyHeader.Malformed.class);
    }

    @Test
    void whatIsTooLongIsNotReadToItsEnd() {
        assertThatThrownBy(() -> read("PROXY TCP4 " + "1".repeat(100_000) + "\r\n", 400))
                .isInstanceOf(ProxyHeader.Malformed.class)
                .hasMessageContaining("longer");
        assertThatThrownBy(() -> read(SIGNATURE + "\u0021\u0011\u00ff\u00ff" + "x".repeat(70_000), 400))
                .isInstanceOf(ProxyHeader.Malformed.class)
                .hasMessageContaining("longer");
        assertThatThrownBy(() -> read(SIGNATURE + "\u0021\u0031\0\u000c" + "x".repeat(12), 400))
                .isInstanceOf(ProxyHeader.Malformed.class);
        assertThatThrownBy(() -> read(SIGNATURE + "\u0021\u0011\0\u0004" + "x".repeat(4), 400))
                .isInstanceOf(ProxyHeader.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PROXY TCP4 192.0.2.7", "\r\n\r\n\0\r\nQUIT\n", "\r\n\r\n\0\r\nQUIT\n!\21\0\14abc"})
    void anEndWithinItIsNoHeader(String text) {
        assertThatThrownBy(() -> read(text, 10)).isInstanceOf(EOFException.class);
    }

    /// The source stays what it is, whatever family the server is reached by.
    @Test
    void whatIsWrittenInVersion2IsReadAgain() throws IOException {
        for (String[] pair : new String[][] {
            {"192.0.2.7", "198.51.100.1", "198.51.100.1"},
            {"2001:db8::7", "2001:db8::1", "2001:db8::1"},
            {"192.0.2.7", "2001:db8::1", "0.0.0.0"}
        }) {
            InetAddress source = InetAddress.ofLiteral(pair[0]);
            byte[] bytes = new ProxyHeader(source, 4711, InetAddress.ofLiteral(pair[1]), 65535).version2();
            assertThat(read(new String(bytes, StandardCharsets.ISO_8859_1), 7))
                    .isEqualTo(new ProxyHeader(source, 4711, InetAddress.ofLiteral(pair[2]), 65535));
        }
        byte[] mixed = new ProxyHeader(
                        InetAddress.ofLiteral("2001:db8::7"), 1, InetAddress.ofLiteral("198.51.100.1"), 25)
                .version2();
        assertThat(mixed).hasSize(52).endsWith(0xff, 0xff, 198, 51, 100, 1, 0, 1, 0, 25);
    }

    @Test
    void proxyThatSpeaksForItselfSaysSo() throws IOException {
        byte[] bytes = new ProxyHeader(null, 0, InetAddress.ofLiteral("192.0.2.1"), 25).version2();
        assertThat(bytes).hasSize(16);
        assertThat(read(new String(bytes, StandardCharsets.ISO_8859_1), 7).source())
                .isNull();
    }
}
