package postern.bench;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// One message as it comes in, piece by piece, dots taken away: finds its number and checksum in the header
/// and sums up the body.
final class Arrival {
    private static final int LONGEST = 128;

    private final byte[] line = new byte[LONGEST];
    private final CRC32C sum = new CRC32C();
    private int length;
    private boolean open;
    private boolean inBody;
    private long id;
    private long announced;

    void begin() {
        open = true;
        length = 0;
        inBody = false;
        id = -1;
        announced = -1;
        sum.reset();
    }

    /// Whether it has begun and not ended.
    boolean isOpen() {
        return open;
    }

    void piece(byte[] bytes, int from, int to) {
        int at = from;
        while (!inBody && at < to) {
            byte b = bytes[at++];
            if (b == '\n') {
                headerLine();
            } else if (length < LONGEST) {
                line[length++] = b;
            }
        }
        if (at < to) {
            sum.update(bytes, at, to - at);
        }
    }

    /// The message has ended.
    void end(Ledger ledger) {
        open = false;
        if (id >>> 32 == ledger.run()) {
            ledger.arrived((int) id, announced == sum.getValue());
        } else if (id < 0) {
            ledger.arrived(-1, false);
        }
    }

    private void headerLine() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        if (end == 0) {
            inBody = true;
        } else if (line[0] == 'X') {
            String text = new String(line, 0, end, StandardCharsets.ISO_8859_1);
            if (text.startsWith(Letter.ID)) {
                id = Long.parseUnsignedLong(text, Letter.ID.length(), text.length(), 16);
            } else if (text.startsWith(Letter.SUM)) {
                announced = Long.parseUnsignedLong(text, Letter.SUM.length(), text.length(), 16);
            }
        }
        length = 0;
    }
}
