package postern.mailbox.body;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A text in a segment, opened to be read.
///
/// @param size bytes of the text
record StoredText(ReadFiles.Lent lent, TextPlace place, long size) implements Closeable {
    static StoredText open(ReadFiles files, TextPlace place, long size) throws IOException {
        return new StoredText(files.take(place.segment()), place, size);
    }

    /// The block that tells the rest.
    Block start() throws IOException {
        Block block = block(place.at(), size <= Block.FRAME ? (int) size : tableLength());
        if (block.kind() == Block.WHOLE ? block.payload().remaining() != size : block.kind() != Block.TABLE) {
            throw damaged(place.at(), "another block is there");
        }
        return block;
    }

    /// @param expected bytes that it holds, most likely
    Block block(long at, int expected) throws IOException {
        return Block.read(lent.file(), place.segment(), at, expected);
    }

    private int tableLength() {
        return (int) Math.min(Block.LONGEST_TABLE, FrameTable.length(size));
    }

    /// A frame as it is stored.
    Block stored(FrameTable frames, int index) throws IOException {
        long at = frames.at(index);
        long next = index + 1 < frames.count() ? frames.at(index + 1) : place.at();
        // what others wrote between two frames is not read with them
        return block(at, (int) Math.clamp(next - at - Block.HEADER, 0, Block.FRAME));
    }

    FrameTable frames(Block table) throws IOException {
        FrameTable frames = FrameTable.decode(table.payload(), size, place.at());
        if (frames == null) {
            throw damaged(place.at(), "another table is there");
        }
        return frames;
    }

    /// The bytes of a frame.
    ByteBuffer frame(FrameTable frames, int index) throws IOException {
        long at = frames.at(index);
        int length = (int) Math.min(Block.FRAME, size - (long) index * Block.FRAME);
        Block block = stored(frames, index);
        ByteBuffer plain = block.kind() == Block.PACKED ? Frames.expanded(block.payload(), length) : block.payload();
        if (plain == null
                || plain.remaining() != length
                || (block.kind() != Block.PACKED && block.kind() != Block.PLAIN)) {
            throw damaged(at, "another frame is there");
        }
        return plain;
    }

    private IOException damaged(long at, String why) {
        return Block.damaged(place.segment(), at, why);
    }

    @Override
    public void close() {
        lent.close();
    }
}
