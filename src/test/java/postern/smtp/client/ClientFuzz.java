package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import postern.smtp.Reply;

/// What servers offer, and what tables name as next hops.
class ClientFuzz {
    @FuzzTest(maxDuration = "5s")
    void everyAnswerToEhloIsRead(byte[] data) {
        List<String> lines =
                new String(data, StandardCharsets.ISO_8859_1).lines().toList();
        Features features = Features.of(new Reply(250, null, lines), Set.of("X"));
        assertThat(features.sizeLimit()).isNotNegative();
        assertThat(features.limit("RCPTMAX")).isPositive();
        assertThat(features.mechanisms()).doesNotContain("").doesNotHaveDuplicates();
        assertThat(features.offers("X")).isFalse();
    }

    @FuzzTest(maxDuration = "5s")
    void everyNextHopIsReadOrRefused(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        for (Protocol protocol : Protocol.values()) {
            try {
                for (NextHop hop : NextHop.parse(text, protocol, protocol.port())) {
                    assertThat(hop.host()).isNotEmpty();
                    if (hop.kind() == NextHop.Kind.UNIX) {
                        assertThat(hop.port()).isZero();
                    } else {
                        assertThat(hop.port()).isBetween(1, 65_535);
                        assertThat(NextHop.parse(hop.text(), protocol, protocol.port()))
                                .containsExactly(hop);
                    }
                }
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageNotContaining("null\n");
            }
        }
    }
}
