package postern.queue;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A record of the log, ready to be appended: a header of length (4 bytes, of the payload), kind (4), queue id
/// (8) and CRC-32C (4, of the 16 bytes before it and the payload, with the segment's [SegmentName#mark()] laid
/// over it), then the payload. Numbers are big-endian. What is no sound record of this segment, be it zeros or
/// what a file held before it was written over, is where the segment ends.
///
/// The payload comes in two parts, so that what was gathered and what just arrived need not be joined first.
final class LogRecord {
    /// Bytes before the payload.
    static final int HEADER = 20;
    /// The largest piece of a text.
    static final int BODY_MOST = 64 * 1024;
    /// The largest payload that is written or believed.
    static final int MOST = 2 * 1024 * 1024;

    private static final int CHECKED = 16;
    private static final int KIND_MOST = 255;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final int kind;
    private final long id;
    private final ByteBuffer first;
    private final ByteBuffer second;
    private final int crc;

    LogRecord(int kind, long id, ByteBuffer first, ByteBuffer second) {
        this.kind = kind;
        this.id = id;
        this.first = first;
        this.second = second;
        CRC32C sum = begin(first.remaining() + second.remaining(), kind, id);
        update(sum, first);
        update(sum, second);
        this.crc = (int) sum.getValue();
    }

    LogRecord(RecordKind kind, QueueId id, ByteBuffer payload) {
        this(kind.code(), id.value(), payload, NOTHING);
    }

    /// The record that says that a message, whose MAIL record lies in `mail`, is gone.
    static LogRecord done(QueueId id, SegmentName mail) {
        ByteBuffer payload = ByteBuffer.allocate(8).putInt(mail.major()).putInt(mail.minor());
        return new LogRecord(RecordKind.DONE, id, payload.flip());
    }

    /// The same of a message that was refused: whoever asks for its hand-over id is not to hear that it was taken.
    static LogRecord refused(QueueId id, SegmentName mail) {
        ByteBuffer payload = ByteBuffer.allocate(9).putInt(mail.major()).putInt(mail.minor());
        return new LogRecord(RecordKind.DONE, id, payload.put((byte) 1).flip());
    }

    int kind() {
        return kind;
    }

    QueueId id() {
        return new QueueId(id);
    }

    /// The payload of a record that was made of one part.
    ByteBuffer payload() {
        return first.duplicate();
    }

    /// Bytes of header and payload.
    int size() {
        return HEADER + first.remaining() + second.remaining();
    }

    ByteBuffer first() {
        return first;
    }

    ByteBuffer second() {
        return second;
    }

    /// Puts the header of the record as it stands in a segment.
    void putHeader(ByteBuffer into, SegmentName segment) {
        into.putInt(size() - HEADER).putInt(kind).putLong(id).putInt(crc ^ segment.mark());
    }

    /// Starts the checksum of a record with what its header says.
    static CRC32C begin(int length, int kind, long id) {
        CRC32C sum = new CRC32C();
        byte[] header = new byte[CHECKED];
        ByteBuffer.wrap(header).putInt(length).putInt(kind).putLong(id);
        sum.update(header, 0, CHECKED);
        return sum;
    }

    /// Whether a header and a payload belong together, and to this segment.
    static boolean isSound(Header header, ByteBuffer payload, SegmentName segment) {
        CRC32C sum = begin(header.length(), header.kind(), header.id());
        update(sum, payload);
        return ((int) sum.getValue() ^ segment.mark()) == header.crc();
    }

    private static void update(CRC32C sum, ByteBuffer part) {
        int position = part.position();
        sum.update(part);
        part.position(position);
    }

    /// A header as it was read. Nothing of it is true before [#isSound].
    record Header(int length, int kind, long id, int crc) {
        static Header read(ByteBuffer from) {
            return new Header(from.getInt(), from.getInt(), from.getLong(), from.getInt());
        }

        /// Whether the header can be one.
        boolean isPlausible() {
            return length >= 0 && length <= MOST && kind > 0 && kind <= KIND_MOST && id >= 0;
        }

        int size() {
            return HEADER + length;
        }
    }
}
