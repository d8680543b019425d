package postern.message;

import java.nio.ByteBuffer;
import java.util.Arrays;
import postern.wire.Scan;

/// Cuts a message that arrives in pieces into header fields and body. Bytes pass unchanged: whatever a [Sink]
/// is given, put together, is what came in, with one exception: a header that ends in a line which is no
/// header field (RFC 5322 §3.6.8 grammar) gets the empty line it lacks, as Postfix does, so that this line
/// stays text.
///
/// Of a field longer than the limit the beginning is shown, the field handed on in parts that are not looked
/// into: memory is bounded, nothing is cut off.
public final class HeaderSplitter {
    /// What becomes of the parts.
    public interface Sink {
        /// A complete field; its bytes are valid during the call only.
        void field(Field field);

        /// The beginning of a field that is longer than the limit; the bytes follow through [#raw], these first.
        /// Returns whether the field stays: if not, its bytes are dropped.
        boolean longField(Field beginning);

        /// Part of a field that is longer than the limit, or of the body.
        void raw(byte[] bytes, int from, int to);

        /// The header has ended; the empty line follows through [#raw].
        void headerEnd();
    }

    private static final byte[] EMPTY_LINE = {'\r', '\n'};

    private final Sink sink;
    private final int limit;
    private final boolean separates;
    /// The field being collected, then the line being collected, which begins at lineStart.
    private byte[] held = new byte[256];

    private int length;
    private int lineStart;
    private int nameLength;
    private State state = State.COLLECTING;
    private boolean dropping;

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
        this(sink, limit, true);
    }

    /// @param separates whether the empty line is put in that lacks at the end
    HeaderSplitter(Sink sink, int limit, boolean separates) {
        this.sink = sink;
        this.limit = limit;
        this.separates = separates;
    }

    /// Another header begins. Nothing may be held of the last one: it has ended.
    void restart() {
        length = 0;
        lineStart = 0;
        state = State.COLLECTING;
    }

    /// Takes the next piece; all of it is consumed.
    public void write(ByteBuffer piece) {
        int from = piece.arrayOffset() + piece.position();
        int to = piece.arrayOffset() + piece.limit();
        piece.position(piece.limit());
        write(piece.array(), from, to);
    }

    void write(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (state == State.BODY) {
                sink.raw(bytes, at, to);
                return;
            }
            if (state == State.PASSED_LINE) {
                state = isBlank(bytes[at]) ? State.PASSING : State.COLLECTING;
            }
            int end = afterLineEnd(bytes, at, to);
            if (state == State.PASSING) {
                pass(bytes, at, end);
            } else {
                hold(bytes, at, end);
            }
            at = end;
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

    private void pass(byte[] bytes, int from, int to) {
        if (!dropping) {
            sink.raw(bytes, from, to);
        }
        state = bytes[to - 1] == '\n' ? State.PASSED_LINE : State.PASSING;
    }

    private void hold(byte[] bytes, int from, int to) {
        int most = Math.max(limit, 2);
        if (length + to - from > most
                && lineStart > 0
                && !isBlank(length > lineStart ? held[lineStart] : bytes[from])) {
            emit(lineStart);
        }
        int count = Math.min(to - from, most - length);
        if (length + count > held.length) {
            held = Arrays.copyOf(held, Math.max(length + count, 2 * held.length));
        }
        System.arraycopy(bytes, from, held, length, count);
        length += count;
        if (from + count < to) {
            if (beginsLong()) {
                pass(bytes, from + count, to);
            } else {
                end();
                sink.raw(bytes, from + count, to);
            }
        } else if (bytes[to - 1] == '\n') {
            lineEnded();
        }
    }

    /// What is held is as long as it may be, and there is more. Returns false when it is no field at all.
    private boolean beginsLong() {
        int name = lineStart > 0 ? nameLength : nameLength(held, 0, length);
        if (name <= 0) {
            return false;
        }
        int all = length;
        length = 0;
        lineStart = 0;
        dropping = !sink.longField(new Field(held, 0, all, name));
        pass(held, 0, all);
        return true;
    }

    /// The line that begins at lineStart is complete: does it go on with the field, begin another, or end the
    /// header?
    private void lineEnded() {
        if (isBlank(held[lineStart]) && lineStart > 0) {
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
        end();
    }

    /// What is held is the first of the body, or the empty line before it.
    private void end() {
        int all = length;
        length = 0;
        state = State.BODY;
        sink.headerEnd();
        if (separates && held[0] != '\r' && held[0] != '\n') {
            sink.raw(EMPTY_LINE, 0, 2);
        }
        sink.raw(held, 0, all);
    }

    /// Hands on the field that ends at `end`; what is behind it moves to the front.
    private void emit(int end) {
        if (end > 0) {
            sink.field(new Field(held, 0, end, nameLength));
            System.arraycopy(held, end, held, 0, length - end);
            length -= end;
            lineStart = 0;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    static int afterLineEnd(byte[] bytes, int from, int to) {
        int newline = Scan.newline(bytes, from, to);
        return newline < 0 ? to : newline + 1;
    }

    /// Where a line's end begins: CR LF, LF, or nothing.
    static int beforeLineEnd(byte[] bytes, int from, int to) {
        int end = to;
        if (end > from && bytes[end - 1] == '\n') {
            end--;
            if (end > from && bytes[end - 1] == '\r') {
                end--;
            }
        }
        return end;
    }

    /// The length of the field name that begins a line, or -1 when it is no header field. White space before
    /// the colon is allowed (RFC 5322 §4.5).
    static int nameLength(byte[] bytes, int from, int to) {
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
