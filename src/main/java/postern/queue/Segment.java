package postern.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.queue.Disk.DiskFile;

/// One file of the log. Its fields are guarded by the queue's lock, its file by itself.
final class Segment {
    /// What may be done with it.
    enum Status {
        /// Takes records.
        OPEN,
        /// Takes no more; ends with a footer.
        CLOSED,
        /// Takes no more, because a write or a force failed, or because it could not be closed: its rows are
        /// in memory.
        FAILED
    }

    private final SegmentName name;
    private final Source source;
    private final SegmentUsage usage = new SegmentUsage();
    private Instant since;
    private Status status = Status.OPEN;
    private int end = SegmentHeader.BYTES;
    private @Nullable Rows rows = new Rows();
    private int handle = -1;
    private Trouble trouble = Trouble.NONE;

    /// Why a segment is emptied before its time, or never.
    enum Trouble {
        NONE,
        /// What was forced may not have reached the disk: it is to be copied forward at once.
        SUSPECT,
        /// Holds older copies of messages that were copied forward: nothing else may be unlinked before it.
        STALE,
        /// Something in it cannot be read: it stays.
        UNREADABLE
    }

    /// @param since when it took its first record, or was made
    Segment(SegmentName name, Disk disk, Instant since) {
        this.name = name;
        this.source = new Source(disk, name);
        this.since = since;
    }

    SegmentName name() {
        return name;
    }

    /// When it took its first record, or was closed.
    Instant since() {
        return since;
    }

    SegmentUsage usage() {
        return usage;
    }

    Status status() {
        return status;
    }

    /// Where the next record goes.
    int end() {
        return end;
    }

    /// Bytes of its records.
    int bytes() {
        return end - SegmentHeader.BYTES;
    }

    /// The rows, unless the footer has them.
    @Nullable
    Rows rows() {
        return rows;
    }

    /// What was found of it at start.
    void found(SegmentFooter.Found found) {
        end = (int) found.end();
        rows = found.rows();
    }

    /// Counts a record that was put at the end.
    void append(int size, @Nullable Row row) {
        end += size;
        if (row != null && rows != null) {
            rows.add(row);
        }
    }

    /// Forgets what was put behind `other`: it never got to the disk.
    void cut(int other) {
        end = Math.min(end, other);
        if (rows != null) {
            rows.cut(other);
        }
    }

    /// It ends with its footer now.
    void closed(Instant when) {
        status = Status.CLOSED;
        since = when;
        rows = null;
    }

    void failed() {
        status = Status.FAILED;
    }

    Trouble trouble() {
        return trouble;
    }

    void trouble(Trouble other) {
        trouble = other;
    }

    /// What the index calls it.
    int handle() {
        return handle;
    }

    void handle(int other) {
        handle = other;
    }

    Source source() {
        return source;
    }

    @Override
    public String toString() {
        return name + " " + status;
    }

    /// A segment's file, open for as long as somebody holds it, also when its name is gone.
    static final class Source {
        private final Disk disk;
        private final SegmentName segment;
        private final String name;
        private @Nullable DiskFile file;
        private int holders;
        private boolean made = true;
        private boolean unlinked;

        Source(Disk disk, SegmentName segment) {
            this.disk = disk;
            this.segment = segment;
            this.name = segment.file();
        }

        /// Makes the file, of a spare one where there is one; the caller holds it.
        synchronized DiskFile create(@Nullable String spare) throws IOException {
            made = false;
            if (spare != null) {
                disk.rename(spare, name);
                made = true;
            }
            DiskFile opened = made ? disk.open(name) : disk.create(name);
            made = true;
            file = opened;
            holders++;
            return opened;
        }

        /// Holds the file.
        ///
        /// @throws NoSuchFileException when its name is gone and nobody held it
        synchronized Hold hold() throws IOException {
            DiskFile open = file;
            if (open == null) {
                if (unlinked) {
                    throw new NoSuchFileException(name);
                }
                open = disk.open(name);
                file = open;
            }
            holders++;
            return new Hold(this, open);
        }

        /// Takes the name away. Returns whether the file is now called `spare`: not when somebody reads it.
        synchronized boolean unlink(@Nullable String spare) throws IOException {
            if (spare != null && holders == 0) {
                disk.rename(name, spare);
                unlinked = true;
                return true;
            }
            if (made) {
                disk.delete(name);
            }
            unlinked = true;
            return false;
        }

        synchronized void release() {
            holders--;
            if (holders == 0 && file != null) {
                file.close();
                file = null;
            }
        }
    }

    /// Somebody's hold on a file.
    record Hold(Source source, DiskFile file) implements Closeable {
        private static final int FIRST = 1024;

        /// The payload of the record at `offset`, checked.
        ByteBuffer record(int offset) throws IOException {
            ByteBuffer start = ByteBuffer.allocate(FIRST);
            while (start.hasRemaining() && file.read(start, (long) offset + start.position()) > 0) {
                // on to what is there
            }
            start.flip();
            if (start.remaining() < LogRecord.HEADER) {
                throw new DamagedException(source.name + " ends before " + offset);
            }
            LogRecord.Header header = LogRecord.Header.read(start);
            if (!header.isPlausible()) {
                throw new DamagedException("no record at " + offset + " of " + source.name);
            }
            ByteBuffer payload = start;
            if (header.length() > start.remaining()) {
                payload = ByteBuffer.allocate(header.length()).put(start);
                file.readFully(payload, (long) offset + LogRecord.HEADER + payload.position());
            }
            payload.limit(payload.position() + header.length());
            if (!LogRecord.isSound(header, payload, source.segment)) {
                throw new DamagedException("a damaged record at " + offset + " of " + source.name);
            }
            return payload;
        }

        @Override
        public void close() {
            source.release();
        }
    }
}
