package postern.mailbox.body;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A text in a segment, opened to be read.
///
/// @param size bytes of the text
record StoredText(Disk.DiskFile file, TextPlace place, long size) implements Closeable {
    static StoredText open(Disk disk, TextPlace place, long size) throws IOException {
        return new StoredText(disk.open(Segment.name(place.segment())), place, size);
    }

    /// The block that tells the rest.
    Block start() throws IOException {
        Block block = block(place.at());
        if (block.kind() == Block.WHOLE ? block.payload().remaining() != size : block.kind() != Block.TABLE) {
            throw damaged(place.at(), "another block is there");
        }
        return block;
    }

    Block block(long at) throws IOException {
        return Block.read(file, place.segment(), at);
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
        Block block = block(at);
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
        file.close();
    }
}
