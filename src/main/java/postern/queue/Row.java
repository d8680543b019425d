package postern.queue;

import java.nio.ByteBuffer;

/// What a segment's footer says of one record that is not a body, in 32 bytes.
///
/// @param kind the code of its [RecordKind]
/// @param offset where the record begins in the segment
/// @param size its bytes with header
/// @param content MAIL: bytes of the message's records in this segment, this one included; DONE: 1 when the
///     message was refused
/// @param straddles MAIL: whether pieces of its text lie in segments before this one
/// @param due MAIL, LATER, HOLD: seconds of the epoch; DONE: [SegmentName#major()] of its MAIL record
/// @param extra MAIL: 1 when the message came under a hand-over id (0 when it was copied forward: then the id is
///     elsewhere); LATER, HOLD: the next hop's hash; DONE: [SegmentName#minor()] of its MAIL record
record Row(int kind, long id, int offset, int size, int content, boolean straddles, int due, int extra) {
    static final int BYTES = 32;

    static Row mail(QueueId id, int offset, int size, int content, boolean straddles, int due) {
        return new Row(RecordKind.MAIL.code(), id.value(), offset, size, content, straddles, due, 0);
    }

    /// The same message, which came under a hand-over id.
    Row underId() {
        return new Row(kind, id, offset, size, content, straddles, due, 1);
    }

    /// MAIL: whether the record holds a hand-over id that may be nowhere else.
    boolean isUnderId() {
        return kind == RecordKind.MAIL.code() && extra != 0;
    }

    static Row state(boolean held, QueueId id, int offset, int size, State state) {
        int kind = (held ? RecordKind.HOLD : RecordKind.LATER).code();
        return new Row(kind, id.value(), offset, size, 0, false, (int) state.due(), state.nextHopHash());
    }

    static Row done(QueueId id, int offset, int size, SegmentName mail) {
        return new Row(RecordKind.DONE.code(), id.value(), offset, size, 0, false, mail.major(), mail.minor());
    }

    /// The same of a message that was refused: it never was.
    Row refused() {
        return new Row(kind, id, offset, size, 1, straddles, due, extra);
    }

    /// DONE: whether the message was refused.
    boolean isRefused() {
        return kind == RecordKind.DONE.code() && content != 0;
    }

    /// A record that this version does not know.
    static Row unknown(int kind, long id, int offset, int size) {
        return new Row(kind, id, offset, size, 0, false, 0, 0);
    }

    /// The row of a sound record with this payload, found at `offset` of `segment`.
    static Row of(LogRecord.Header header, ByteBuffer payload, int offset, SegmentName segment)
            throws DamagedException {
        RecordKind kind = RecordKind.of(header.kind());
        if (kind == null) {
            return unknown(header.kind(), header.id(), offset, header.size());
        }
        QueueId id = new QueueId(header.id());
        return switch (kind) {
            case MAIL -> {
                MailRecord mail = MailRecord.decode(payload);
                int content = header.size();
                boolean straddles = false;
                for (Piece piece : mail.text().pieces()) {
                    boolean here = piece.segment().equals(segment);
                    content += here ? piece.size() : 0;
                    straddles |= !here;
                }
                Row row = mail(id, offset, header.size(), content, straddles, (int) mail.arrival());
                yield MailCodec.handover(mail.envelope()) == null ? row : row.underId();
            }
            case DONE -> {
                if (payload.remaining() < 8) {
                    throw new DamagedException("a DONE record of " + id + " that names no segment");
                }
                Row row = done(id, offset, header.size(), new SegmentName(payload.getInt(), payload.getInt()));
                yield payload.hasRemaining() && payload.get() != 0 ? row.refused() : row;
            }
            case LATER, HOLD -> state(kind == RecordKind.HOLD, id, offset, header.size(), State.decode(payload));
            case BODY, FOOTER -> throw new IllegalArgumentException("no row for " + kind);
        };
    }

    /// The row of the same record, put elsewhere.
    Row at(int other) {
        return new Row(kind, id, other, size, content, straddles, due, extra);
    }

    /// DONE: the segment that holds the message's MAIL record.
    SegmentName mailSegment() {
        return new SegmentName(due, extra);
    }

    QueueId queueId() {
        return new QueueId(id);
    }

    /// The row as four numbers.
    void put(long[] into, int at) {
        into[at] = id;
        into[at + 1] = (long) offset << 32 | size;
        into[at + 2] = (long) kind << 33 | (straddles ? 1L << 32 : 0) | content;
        into[at + 3] = (long) due << 32 | extra & 0xffff_ffffL;
    }

    static Row get(long[] from, int at) {
        long place = from[at + 1];
        long what = from[at + 2];
        long when = from[at + 3];
        return new Row(
                (int) (what >> 33),
                from[at],
                (int) (place >> 32),
                (int) place,
                (int) what,
                (what & 1L << 32) != 0,
                (int) (when >> 32),
                (int) when);
    }
}
