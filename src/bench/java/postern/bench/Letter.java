package postern.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Messages of one size, made without touching their bytes one by one: the body is built once and shared, and
/// only the number and the checksum are written into the head, and the number into the body's last line.
///
/// The checksum is the CRC-32C of the body as the recipient sees it. Over two parts it is linear: the
/// checksum of body and last line is that of the last line, xor a constant of the body.
final class Letter {
    static final String ID = "X-Postern-Id: ";
    static final String SUM = "X-Postern-Sum: ";
    static final int ID_DIGITS = 16;

    private static final int LINE = 76;
    private static final int DOT_EVERY = 40;
    private static final String NUMBER = "0".repeat(ID_DIGITS);
    private static final String HEAD = "From: <sender@example.net>\r\nTo: <user@example.com>\r\nSubject: load\r\n"
            + "Message-ID: <" + NUMBER + "@bench.example.net>\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\n"
            + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n" + ID + NUMBER + "\r\n" + SUM
            + "00000000\r\n\r\n";
    private static final String TAIL = "number " + NUMBER + "\r\n.\r\n";
    private static final int TAIL_END = 3;

    private final ByteBuffer shared;
    private final int constant;

    /// @param size octets of the message, head and body, give or take a line
    Letter(int size) {
        StringBuilder wire = new StringBuilder();
        StringBuilder plain = new StringBuilder();
        int target = size - HEAD.length() - TAIL.length() + TAIL_END;
        for (int line = 0; plain.length() < target; line++) {
            String text = line(line, Math.min(LINE, Math.max(1, target - plain.length() - 2)));
            plain.append(text);
            wire.append(text.startsWith(".") ? "." : "").append(text);
        }
        byte[] bytes = wire.toString().getBytes(StandardCharsets.US_ASCII);
        this.shared = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        byte[] tail = TAIL.substring(0, TAIL.length() - TAIL_END).getBytes(StandardCharsets.US_ASCII);
        CRC32C whole = new CRC32C();
        whole.update(plain.toString().getBytes(StandardCharsets.US_ASCII));
        whole.update(tail);
        CRC32C last = new CRC32C();
        last.update(tail);
        this.constant = (int) (whole.getValue() ^ last.getValue());
    }

    private static String line(int number, int length) {
        StringBuilder text = new StringBuilder(length + 2);
        text.append(number % DOT_EVERY == 0 ? '.' : 'x');
        while (text.length() < length) {
            text.append((char) ('!' + (number * 31 + text.length() * 7) % 90));
        }
        return text.append("\r\n").toString();
    }

    /// The parts of one connection, which are written one behind the other, message for message.
    final class Parts {
        private final ByteBuffer head = direct(HEAD);
        private final ByteBuffer tail = direct(TAIL);
        private final ByteBuffer[] all = {head, shared.duplicate(), tail};
        private final byte[] digits = new byte[ID_DIGITS];
        private final byte[] last = new byte[TAIL.length() - TAIL_END];
        private final CRC32C sum = new CRC32C();

        /// Everything behind DATA, end included, for the message with this number.
        ByteBuffer[] of(long id) {
            hex(id, digits, ID_DIGITS);
            head.put(HEAD.indexOf(NUMBER), digits).put(HEAD.indexOf(ID) + ID.length(), digits);
            tail.put(TAIL.indexOf(NUMBER), digits);
            tail.get(0, last);
            sum.reset();
            sum.update(last);
            hex(sum.getValue() ^ constant, digits, 8);
            head.put(HEAD.indexOf(SUM) + SUM.length(), digits, 0, 8);
            for (ByteBuffer part : all) {
                part.rewind();
            }
            return all;
        }
    }

    private static void hex(long number, byte[] digits, int count) {
        for (int i = count - 1; i >= 0; i--) {
            digits[i] = (byte) "0123456789abcdef".charAt((int) (number & 15));
            number >>>= 4;
        }
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
