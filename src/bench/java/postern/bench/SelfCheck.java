package postern.bench;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A tool that finds nothing wrong is worth something only if it would: before each bench the sink gets one
/// message as it should be, one twice, one with a bit turned, one in chunks, and misses one.
final class SelfCheck {
    private static final int SIZE = 10_000;
    private static final int STEP = 777;

    private SelfCheck() {}

    /// Checks.
    ///
    /// @throws IOException when the tool does not notice
    static void run(CountingSink sink) throws IOException {
        Letter.Parts parts = new Letter(SIZE).new Parts();
        Ledger ledger = new Ledger(Integer.MAX_VALUE);
        sink.count(ledger);
        try (Socket socket =
                new Socket(sink.address().getAddress(), sink.address().getPort())) {
            BufferedReader replies =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            replies.readLine();
            for (int times : new int[] {1, 2, 1}) {
                int number = ledger.next();
                byte[] message = bytes(parts.of((long) Integer.MAX_VALUE << 32 | number));
                message[message.length / 2] ^= (byte) (number == 2 ? 1 : 0);
                for (int i = 0; i < times; i++) {
                    send(message, out, replies);
                }
                ledger.accepted(number);
            }
            int number = ledger.next();
            chunks(bytes(parts.of((long) Integer.MAX_VALUE << 32 | number)), out, replies);
            ledger.accepted(number);
            ledger.accepted(ledger.next());
        }
        if (ledger.arrivedCount() != 4 || ledger.doubled() != 1 || ledger.altered() != 1 || ledger.lost() != 1) {
            throw new IOException("the tool is broken: of 4 messages, one doubled, one altered, and one lost it saw "
                    + ledger.arrivedCount() + ", " + ledger.doubled() + ", " + ledger.altered() + ", "
                    + ledger.lost());
        }
    }

    private static void send(byte[] message, OutputStream out, BufferedReader replies) throws IOException {
        out.write("DATA\r\n".getBytes(StandardCharsets.US_ASCII));
        replies.readLine();
        for (int i = 0; i < message.length; i += STEP) {
            out.write(message, i, Math.min(STEP, message.length - i));
        }
        replies.readLine();
    }

    /// The same by BDAT, which knows no dots.
    private static void chunks(byte[] message, OutputStream out, BufferedReader replies) throws IOException {
        String wire = new String(message, StandardCharsets.US_ASCII).replace("\n..", "\n.");
        String plain = wire.substring(0, wire.length() - ".\r\n".length());
        String first = plain.substring(0, STEP);
        String rest = plain.substring(STEP);
        String all = "BDAT " + first.length() + "\r\n" + first + "BDAT " + rest.length() + " LAST\r\n" + rest;
        out.write(all.getBytes(StandardCharsets.US_ASCII));
        replies.readLine();
        replies.readLine();
    }

    private static byte[] bytes(ByteBuffer[] parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer part : parts) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }
}
