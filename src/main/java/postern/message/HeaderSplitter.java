package postern.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import postern.wire.Scan;

/// Cuts a message that arrives in pieces into header fields and body. Bytes pass unchanged: whatever a [Sink]
/// is given, put together, is what came in, with one exception: a header that ends in a line which is no
/// header field (RFC 5322 §3.6.8 grammar) gets the empty line it lacks, as Postfix does, so that this line
/// stays text.
///
/// A field longer than the limit is handed on in parts that are not looked into: memory is bounded, nothing
/// is cut off.
public final class HeaderSplitter {
    /// What becomes of the parts.
    public interface Sink {
        /// A complete field; the bytes are valid during the call only.
        void field(Field field, byte[] bytes, int from, int to);

        /// Part of a field that is longer than the limit, or of the body.
        void raw(byte[] bytes, int from, int to);

        /// The header has ended; the empty line follows through [#raw].
        void headerEnd();
    }

    private static final byte[] EMPTY_LINE = {'\r', '\n'};

    private final Sink sink;
    private final int limit;
    /// The field being collected, then the line being collected, which begins at lineStart.
    private byte[] held = new byte[256];

    private int length;
    private int lineStart;
    private int nameLength;
    private State state = State.COLLECTING;

    private enum State {
        /// Fields are collected and handed on whole.
        COLLECTING,
        /// Inside a line of a field that is too long: its bytes go on as they come.
        PASSING,
        /// Behind a line of such a field: the next byte tells whether the field goes on.
        PASSED_LINE,
        BODY
    }

    /// @param limit the most bytes of one field that are held in memory (`header_size_limit`)
    public HeaderSplitter(Sink sink, int limit) {
        this.sink = sink;
        this.limit = limit;
    }

    /// Takes the next piece; all of it is consumed.
    public void write(ByteBuffer piece) {
        byte[] bytes = piece.array();
        int from = piece.arrayOffset() + piece.position();
        int to = piece.arrayOffset() + piece.limit();
        piece.position(piece.limit());
        while (from < to) {
            if (state == State.BODY) {
                sink.raw(bytes, from, to);
                return;
            }
            if (state == State.PASSED_LINE) {
                state = isBlank(bytes[from]) ? State.PASSING : State.COLLECTING;
            }
            int end = afterLineEnd(bytes, from, to);
            boolean complete = bytes[end - 1] == '\n';
            if (state == State.PASSING) {
                sink.raw(bytes, from, end);
                state = complete ? State.PASSED_LINE : State.PASSING;
            } else {
                hold(bytes, from, end, complete);
            }
            from = end;
        }
    }

    /// The message is complete. A header without a body ends here.
    public void finish() {
        if (state == State.COLLECTING && length > lineStart) {
            lineEnded();
        }
        if (state != State.BODY) {
            emit(length);
            state = State.BODY;
            sink.headerEnd();
        }
    }

    private void hold(byte[] bytes, int from, int to, boolean complete) {
        if (length + to - from > limit) {
            byte first = length > lineStart ? held[lineStart] : bytes[from];
            if (lineStart > 0 && !isBlank(first)) {
                emit(lineStart);
            }
            if (length + to - from > limit) {
                sink.raw(held, 0, length);
                sink.raw(bytes, from, to);
                length = 0;
                lineStart = 0;
                state = complete ? State.PASSED_LINE : State.PASSING;
                return;
            }
        }
        if (length + to - from > held.length) {
            held = Arrays.copyOf(held, Math.max(length + to - from, 2 * held.length));
        }
        System.arraycopy(bytes, from, held, length, to - from);
        length += to - from;
        if (complete) {
            lineEnded();
        }
    }

    /// The line that begins at lineStart is complete: does it go on with the field, begin another, or end the
    /// header?
    private void lineEnded() {
        byte first = held[lineStart];
        if (isBlank(first) && lineStart > 0) {
            lineStart = length;
            return;
        }
        int name = nameLength(held, lineStart, length);
        emit(lineStart);
        if (name > 0) {
            nameLength = name;
            lineStart = length;
            return;
        }
        state = State.BODY;
        sink.headerEnd();
        if (first != '\r' && first != '\n') {
            sink.raw(EMPTY_LINE, 0, 2);
        }
        sink.raw(held, 0, length);
        length = 0;
    }

    /// Hands on the field that ends at `end`; what is behind it moves to the front.
    private void emit(int end) {
        if (end > 0) {
            sink.field(new Field(held, 0, end, nameLength), held, 0, end);
            System.arraycopy(held, end, held, 0, length - end);
            length -= end;
            lineStart = 0;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static int afterLineEnd(byte[] bytes, int from, int to) {
        int newline = Scan.newline(bytes, from, to);
        return newline < 0 ? to : newline + 1;
    }

    /// The length of the field name that begins a line, or -1 when it is no header field. White space before
    /// the colon is allowed (RFC 5322 §4.5).
    private static int nameLength(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] > ' ' && bytes[i] < 127 && bytes[i] != ':') {
            i++;
        }
        int end = i;
        while (i < to && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        return end > from && i < to && bytes[i] == ':' ? end - from : -1;
    }
}
