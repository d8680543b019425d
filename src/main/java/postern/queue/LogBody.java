package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.zip.CRC32C;
import postern.queue.Segment.Hold;

/// A text read piece by piece from the segments that hold it. The last bytes are handed out only when the
/// whole has the checksum it had when it arrived, so that a damaged text is never sent to its end.
final class LogBody implements Body {
    private final Text text;
    private final Map<SegmentName, Hold> holds;
    private final CRC32C sum = new CRC32C();
    private int piece;
    private int offset;
    private long position;
    private boolean closed;

    LogBody(Text text, Map<SegmentName, Hold> holds) {
        this.text = text;
        this.holds = holds;
    }

    @Override
    public long size() {
        return text.size();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (position == text.size()) {
            return -1;
        }
        int start = into.position();
        while (into.hasRemaining() && position < text.size()) {
            readPiece(into);
        }
        int count = into.position() - start;
        sum.update(into.duplicate().limit(into.position()).position(start));
        if (position == text.size() && (int) sum.getValue() != text.checksum()) {
            into.position(start);
            throw new DamagedException("the text of " + text.size() + " bytes is not what arrived");
        }
        return count;
    }

    private void readPiece(ByteBuffer into) throws IOException {
        Piece from = text.pieces().get(piece);
        Hold hold = holds.get(from.segment());
        int count = Math.min(from.length() - offset, into.remaining());
        if (hold == null || closed) {
            throw new IOException("the text is closed");
        }
        int end = into.position() + count;
        long at = (long) from.offset() + LogRecord.HEADER + offset;
        ByteBuffer part = into.slice(into.position(), count);
        hold.file().readFully(part, at);
        into.position(end);
        position += count;
        offset += count;
        if (offset == from.length()) {
            piece++;
            offset = 0;
        }
    }

    @Override
    public void rewind() {
        piece = 0;
        offset = 0;
        position = 0;
        sum.reset();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            holds.values().forEach(Hold::close);
        }
    }
}
