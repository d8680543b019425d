package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;

class ProxyHeaderFuzz {
    @FuzzTest
    void neverAnythingButAHeaderOrAnIoException(byte[] input) {
        try {
            ProxyHeader header = ProxyHeader.read(Windows.of(input, 7));
            assertThat(header.source() == null).isEqualTo(header.destination() == null);
        } catch (IOException e) {
            assertThat(e).isInstanceOfAny(ProxyHeader.Malformed.class, EOFException.class);
        }
    }
}
