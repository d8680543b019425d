package postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.ssl.SSLException;

class NetFuzz {
    /// Whatever stands in a file, it is a key or refused with a word.
    @FuzzTest
    void keysAreReadOrRefused(FuzzedDataProvider data) {
        String label = data.pickValue(new String[] {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "X"});
        byte[] der = data.consumeBytes(200);
        String rest = new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
        try {
            for (Pem block : Pem.parse(new Pem(label, der).text() + rest)) {
                PrivateKeys.of(block);
            }
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
    }

    /// However the bytes arrive, the same records come out, and no packet stays out.
    @FuzzTest
    void recordsAreCutAlike(FuzzedDataProvider data) throws IOException {
        int step = data.consumeInt(1, 700);
        byte[] input = data.consumeRemainingAsBytes();
        assertThat(records(input, step)).isEqualTo(records(input, Integer.MAX_VALUE));
        assertThat(Packets.lent()).isZero();
    }

    private static String records(byte[] input, int step) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(input);
        TlsRecords records = new TlsRecords(into -> {
            int count = Math.min(step, Math.min(into.remaining(), left.remaining()));
            into.put(left.slice(left.position(), count));
            left.position(left.position() + count);
            return count == 0 ? -1 : count;
        });
        StringBuilder seen = new StringBuilder();
        while (true) {
            try {
                ByteBuffer record = records.next();
                if (record == null) {
                    return seen.append("end").toString();
                }
                byte[] bytes = new byte[record.remaining()];
                record.get(bytes);
                seen.append(HexFormat.of().formatHex(bytes)).append('\n');
            } catch (SSLException e) {
                return seen.append(e.getMessage()).toString();
            } finally {
                records.release();
            }
        }
    }
}
