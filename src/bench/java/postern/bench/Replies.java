package postern.bench;

import java.nio.ByteBuffer;

/// Cuts what a server says into replies.
final class Replies {
    private static final int LONGEST = 2000;

    private final StringBuilder text = new StringBuilder();
    private int code;
    private int column;
    private boolean last;
    private boolean complete;

    /// The code of the next reply that is there to its last line; 0 when more must be read first.
    int next(ByteBuffer in) {
        if (complete) {
            complete = false;
            text.setLength(0);
        }
        while (in.hasRemaining()) {
            byte b = in.get();
            if (text.length() < LONGEST) {
                text.append((char) b);
            }
            if (column < 3) {
                code = code * 10 + b - '0';
            } else if (column == 3) {
                last = b != '-';
            }
            column++;
            if (b == '\n') {
                int reply = code;
                column = 0;
                code = 0;
                if (last) {
                    complete = true;
                    return reply;
                }
            }
        }
        return 0;
    }

    /// The reply that [#next(ByteBuffer)] gave the code of.
    String text() {
        return text.toString();
    }
}
