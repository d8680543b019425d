package postern.message;

import java.util.Set;
import postern.wire.Scan;
import postern.wire.Utf8;

/// Goes through the body of a message as it arrives and finds the headers of its parts and of the messages
/// attached (RFC 2046 §5). Bytes pass unchanged: whatever a [Sink] is given, put together, is what came in.
///
/// Memory is bounded by the [Limits], whatever the message: one field, one line, the boundaries that are open.
public final class MimeParts {
    /// Whose header a field belongs to.
    public enum Place {
        MESSAGE,
        PART,
        NESTED
    }

    /// @param headerSize the most bytes of one field that are held (`header_size_limit`)
    /// @param lineLength the most bytes of a line that are shown at once (`line_length_limit`)
    /// @param nesting multiparts within multiparts (`mime_nesting_limit`)
    /// @param boundaryLength bytes of a boundary that count (`mime_boundary_length_limit`)
    public record Limits(int headerSize, int lineLength, int nesting, int boundaryLength) {}

    /// What becomes of the parts. Bytes are valid during the call only.
    public interface Sink {
        /// A complete field of a part or of an attached message.
        void partField(Place place, Field field);

        /// The beginning of a field that is longer than the limit; it follows through [#passed]. Returns whether
        /// the field stays.
        boolean longPartField(Place place, Field beginning);

        /// A line of text with its end, or a piece of a long one.
        ///
        /// @param textEnd where the line's end begins
        /// @param offset where it stands in its part
        void line(byte[] bytes, int from, int textEnd, int to, long offset);

        /// Bytes that are not looked into.
        void passed(byte[] bytes, int from, int to);

        /// Something is wrong that was asked for.
        ///
        /// @param where the field or line
        void flaw(MimeFlaw flaw, String where);
    }

    private final Sink sink;
    private final Limits limits;
    private final Set<MimeFlaw> reported;
    private final Boundaries boundaries;
    private final PartHeader header;
    private final LineCutter lines;
    private State state = State.SEPARATOR;

    private enum State {
        /// Between the message's own header and its body.
        SEPARATOR,
        HEADER,
        BODY
    }

    /// @param reported which flaws the sink wants to know of
    public MimeParts(Sink sink, Limits limits, Set<MimeFlaw> reported) {
        this.sink = sink;
        this.limits = limits;
        this.reported = reported;
        this.boundaries = new Boundaries(limits.nesting(), limits.boundaryLength());
        this.header = new PartHeader();
        this.lines = new LineCutter(limits.lineLength(), this::line);
    }

    /// A field of the message's own header; comes before [#write].
    public void messageField(Field field) {
        header.look(field);
    }

    /// Takes the next piece of what follows the last field of the header, which is an empty line first.
    public void write(byte[] bytes, int from, int to) {
        int at = from;
        if (state == State.SEPARATOR) {
            header.endsWith(bytes, from, to);
            return;
        }
        while (at < to) {
            if (state == State.HEADER && !lines.isInside()) {
                int end = HeaderSplitter.afterLineEnd(bytes, at, to);
                header.splitter.write(bytes, at, end);
                at = end;
            } else {
                at = lines.cut(bytes, at, to);
            }
        }
    }

    /// The message is complete.
    public void finish() {
        lines.finish();
        if (state == State.HEADER) {
            header.splitter.finish();
        }
    }

    /// A line of a body: a boundary or text. Returns whether a body goes on behind this line.
    private boolean line(byte[] bytes, int from, int to, LineCutter.Piece piece) {
        int textEnd = piece.ends() ? HeaderSplitter.beforeLineEnd(bytes, from, to) : to;
        if (reported.contains(MimeFlaw.EIGHT_BIT_BODY)
                && header.encoding.isSevenBit()
                && !Scan.isAscii(bytes, from, textEnd)) {
            sink.flaw(MimeFlaw.EIGHT_BIT_BODY, text(bytes, from, textEnd));
        }
        Boundaries.Line match = piece.begins() ? boundaries.match(bytes, from, textEnd) : Boundaries.Line.NONE;
        switch (match) {
            case NONE -> {}
            case PART -> header.begin(Place.PART, MimeType.TEXT);
            case DIGEST_PART -> header.begin(Place.PART, MimeType.RFC822);
            case END -> {
                header.reset(MimeType.TEXT);
                lines.restart();
            }
        }
        sink.line(bytes, from, textEnd, to, lines.offset());
        return state == State.BODY;
    }

    private static String text(byte[] bytes, int from, int to) {
        return Utf8.orLatin1(bytes, from, to - from);
    }

    /// The header of a part, or of the message itself, and what it says of the body that follows.
    private final class PartHeader implements HeaderSplitter.Sink {
        final HeaderSplitter splitter = new HeaderSplitter(this, limits.headerSize(), false);
        Place place = Place.MESSAGE;
        MimeType type = MimeType.TEXT;
        MimeEncoding encoding = MimeEncoding.SEVEN_BIT;
        private boolean ended;

        void begin(Place next, MimeType without) {
            reset(without);
            place = next;
            ended = false;
            splitter.restart();
            state = State.HEADER;
        }

        void reset(MimeType to) {
            type = to;
            encoding = MimeEncoding.SEVEN_BIT;
        }

        void look(Field field) {
            if (reported.contains(MimeFlaw.EIGHT_BIT_HEADER) && field.isEightBit()) {
                sink.flaw(MimeFlaw.EIGHT_BIT_HEADER, field.text());
            }
            if (field.isNamed("Content-Transfer-Encoding")) {
                encoding = MimeEncoding.parse(field.rawValue(), encoding);
            } else if (field.isNamed("Content-Type")) {
                type = MimeType.parse(field.rawValue());
                boolean fits = true;
                for (byte[] boundary : type.boundaries()) {
                    fits &= boundaries.push(boundary, type.digest());
                }
                if (!fits && reported.contains(MimeFlaw.NESTING)) {
                    sink.flaw(MimeFlaw.NESTING, field.text());
                }
            }
        }

        @Override
        public void field(Field field) {
            look(field);
            sink.partField(place, field);
        }

        @Override
        public boolean longField(Field beginning) {
            look(beginning);
            return sink.longPartField(place, beginning);
        }

        @Override
        public void headerEnd() {
            ended = true;
        }

        @Override
        public void raw(byte[] bytes, int from, int to) {
            if (lines.isInside() || state == State.BODY) {
                lines.cut(bytes, from, to);
            } else if (ended) {
                endsWith(bytes, from, to);
            } else {
                sink.passed(bytes, from, to);
            }
        }

        /// The header has ended with this line: what follows?
        void endsWith(byte[] bytes, int from, int to) {
            if (reported.contains(MimeFlaw.ENCODING_DOMAIN) && !isInDomain()) {
                sink.flaw(MimeFlaw.ENCODING_DOMAIN, encoding.toString());
            }
            state = State.BODY;
            lines.restart();
            boolean empty = HeaderSplitter.beforeLineEnd(bytes, from, to) == from;
            if (!empty) {
                lines.cut(bytes, from, to);
                return;
            }
            sink.line(bytes, from, from, to, 0);
            lines.passed(1);
            switch (type.kind()) {
                case MESSAGE -> begin(Place.NESTED, MimeType.TEXT);
                case MULTIPART -> reset(MimeType.TEXT);
                case LEAF, PIECE, OTHER_MESSAGE -> {}
            }
        }

        /// RFC 2045 §6.4: what holds other parts is never encoded.
        private boolean isInDomain() {
            return switch (type.kind()) {
                case LEAF -> true;
                case PIECE -> encoding == MimeEncoding.SEVEN_BIT;
                case MULTIPART, MESSAGE, OTHER_MESSAGE -> encoding != MimeEncoding.ENCODED;
            };
        }
    }
}
