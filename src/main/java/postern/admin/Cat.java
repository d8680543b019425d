package postern.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import postern.queue.Body;
import postern.queue.QueueId;

/// Shows a message as postcat(1) does: `-e` the envelope, `-h` the header, `-b` the body; all three without
/// an option.
final class Cat implements Command {
    private static final int PIECE = 16 * 1024;

    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        List<String> rest = new ArrayList<>(arguments);
        String wanted = "";
        while (!rest.isEmpty() && rest.getFirst().matches("-[ehb]+")) {
            wanted += rest.removeFirst().substring(1);
        }
        if (rest.size() != 1) {
            answer.error("postern: cat takes one queue id");
            return Exit.USAGE;
        }
        QueueId id = QueueId.parse(rest.getFirst());
        String envelope = scene.operator().envelope(id);
        if (envelope == null) {
            answer.error("postern: " + id + ": no such message");
            return Exit.UNAVAILABLE;
        }
        boolean whole = wanted.isEmpty();
        try (Body text = scene.operator().text(id)) {
            if (whole || wanted.indexOf('e') >= 0) {
                answer.line("*** ENVELOPE RECORDS " + id + " ***\n" + envelope.strip());
            }
            if (whole) {
                answer.line("*** MESSAGE CONTENTS " + id + " ***");
            }
            show(text, whole || wanted.indexOf('h') >= 0, whole || wanted.indexOf('b') >= 0, answer);
            if (whole) {
                answer.line("*** MESSAGE FILE END " + id + " ***");
            }
        }
        return Exit.OK;
    }

    /// Writes header and body, or one of them, with lines as files have them.
    private static void show(Body text, boolean header, boolean body, Answer answer) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        ByteBuffer out = ByteBuffer.allocate(PIECE);
        boolean inBody = false;
        boolean lineEmpty = true;
        while (text.read(piece.clear()) >= 0) {
            piece.flip();
            out.clear();
            while (piece.hasRemaining()) {
                byte b = piece.get();
                if (b == '\r') {
                    continue;
                }
                boolean divides = !inBody && b == '\n' && lineEmpty;
                if (divides ? header && body : inBody ? body : header) {
                    out.put(b);
                }
                inBody |= divides;
                lineEmpty = b == '\n';
            }
            answer.bytes(out.flip());
        }
    }
}
