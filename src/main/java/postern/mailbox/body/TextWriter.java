package postern.mailbox.body;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A text on its way into a segment. Holds at most 64 KB of it. Belongs to one thread; [#close] may come from
/// another when that one is done.
public final class TextWriter implements AutoCloseable {
    private static final int FIRST_ROOM = 4 << 10;

    private final Segments segments;
    private final Forcer forcer;
    private final FrameTable frames = new FrameTable();
    private ByteBuffer frame = Block.room(FIRST_ROOM);
    private @Nullable Segment segment;
    private @Nullable TextPlace place;
    private long size;
    private long stored;

    TextWriter(Segments segments, Forcer forcer) {
        this.segments = segments;
        this.forcer = forcer;
    }

    /// The next piece; the buffer belongs to the caller again on return.
    public void write(ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            if (frame.position() == Block.HEADER + Block.FRAME) {
                appendFrame();
            }
            int count = Math.min(piece.remaining(), Block.HEADER + Block.FRAME - frame.position());
            makeRoom(count);
            frame.put(piece.slice(piece.position(), count));
            piece.position(piece.position() + count);
            size += count;
        }
    }

    private void makeRoom(int count) {
        if (frame.remaining() < count) {
            int length = Math.max(count + frame.position() - Block.HEADER, frame.capacity() * 2);
            frame = Block.room(Math.min(Block.FRAME, length)).position(0).put(frame.flip());
        }
    }

    private void appendFrame() throws IOException {
        ByteBuffer packed = Frames.packed(frame);
        frames.add(packed == null ? append(Block.PLAIN, frame) : append(Block.PACKED, packed));
        frame.clear().position(Block.HEADER);
    }

    private long append(int kind, ByteBuffer filled) throws IOException {
        Segment into = segment;
        if (into == null) {
            into = segments.take();
            segment = into;
        }
        stored += filled.position();
        return into.append(kind, filled);
    }

    /// The whole text while it is short and nothing of it has been written: who keeps it in another way need not
    /// end it.
    ///
    /// @param limit bytes that are short
    /// @return null when it is longer
    public @Nullable ByteBuffer ifShort(long limit) {
        return segment == null && size <= limit ? frame.duplicate().flip().position(Block.HEADER) : null;
    }

    /// Ends the text. Who waits is told once it is forced, or at once that it failed.
    public void finish(Waiting waiting) {
        try {
            long at;
            if (frames.count() == 0) {
                at = append(Block.WHOLE, frame);
            } else {
                appendFrame();
                at = append(Block.TABLE, frames.encode(size));
            }
            end(at, waiting);
        } catch (IOException e) {
            waiting.failed(e);
        }
    }

    private void end(long at, Waiting waiting) {
        Segment into = segment;
        if (into != null) {
            place = new TextPlace(into.number, at, stored);
            forcer.add(into, waiting);
        }
    }

    /// Takes over another text, block by block as they are.
    void copy(StoredText from, Waiting waiting) {
        try {
            Block block = from.start();
            if (block.kind() == Block.TABLE) {
                FrameTable table = from.frames(block);
                for (int i = 0; i < table.count(); i++) {
                    Block next = from.stored(table, i);
                    frames.add(append(next.kind(), filled(next.payload())));
                }
                block = new Block(Block.TABLE, frames.encode(from.size()).flip().position(Block.HEADER));
            }
            size = from.size();
            end(append(block.kind(), filled(block.payload())), waiting);
        } catch (IOException e) {
            waiting.failed(e);
        }
    }

    private static ByteBuffer filled(ByteBuffer payload) {
        return Block.room(payload.remaining()).put(payload);
    }

    /// Where it lies, once it has been forced.
    public TextPlace place() {
        if (place == null) {
            throw new IllegalStateException("the text is not finished");
        }
        return place;
    }

    /// Bytes of the text.
    public long size() {
        return size;
    }

    /// Its place has been written down, or never will be: only now may its segment be emptied.
    @Override
    public void close() {
        Segment taken = segment;
        if (taken != null) {
            segment = null;
            segments.release(taken);
        }
    }
}
