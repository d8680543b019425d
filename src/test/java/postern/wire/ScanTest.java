package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Eight at a time finds what one by one finds.
class ScanTest {
    @Test
    void everyByteAtEveryPlace() {
        for (int length = 1; length < 20; length++) {
            for (int place = 0; place < length; place++) {
                for (int value = 0; value < 256; value++) {
                    byte[] bytes = "abcdefghijklmnopqrst".substring(0, length).getBytes();
                    bytes[place] = (byte) value;
                    same(bytes, 0, length);
                }
            }
        }
    }

    @Test
    void anyBytes() {
        Random random = new Random(5);
        for (int round = 0; round < 5000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 'a' + random.nextInt(26));
            }
            int from = random.nextInt(bytes.length + 1);
            same(bytes, from, from + random.nextInt(bytes.length - from + 1));
        }
    }

    private static void same(byte[] bytes, int from, int to) {
        int lineEnd = to;
        int newline = -1;
        boolean ascii = true;
        for (int i = to - 1; i >= from; i--) {
            lineEnd = (bytes[i] & 0xff) <= '\r' ? i : lineEnd;
            newline = bytes[i] == '\n' ? i : newline;
            ascii &= bytes[i] >= 0;
        }
        assertThat(Scan.lineEnd(bytes, from, to)).isEqualTo(lineEnd);
        assertThat(Scan.newline(bytes, from, to)).isEqualTo(newline);
        assertThat(Scan.isAscii(bytes, from, to)).isEqualTo(ascii);
    }
}
