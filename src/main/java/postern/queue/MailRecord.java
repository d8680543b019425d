package postern.queue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The payload of a MAIL record: size of the text (8 bytes), its checksum (4), arrival (8), number of pieces
/// (4), then each piece (see [#putPieces]), then the envelope. The envelope stays as it was written when the
/// message moves, with whatever a newer version put in.
///
/// @param arrival seconds of the epoch, rounded up
/// @param envelope as [MailCodec] has it
record MailRecord(Text text, long arrival, ByteBuffer envelope) {
    private static final int FIXED = 24;
    private static final int PIECE_MOST = 25;
    private static final SegmentName NOWHERE = new SegmentName(-1, -1);

    ByteBuffer encode() {
        List<Piece> pieces = text.pieces();
        ByteBuffer into = ByteBuffer.allocate(FIXED + pieces.size() * PIECE_MOST + envelope.remaining());
        into.putLong(text.size()).putInt(text.checksum()).putLong(arrival).putInt(pieces.size());
        putPieces(into, pieces);
        into.put(envelope.duplicate());
        return into.flip();
    }

    /// Each piece is its length, doubled, with 1 added when it lies in another segment than the one before; then
    /// that segment's name; then how far it begins behind the end of the piece before it.
    private static void putPieces(ByteBuffer into, List<Piece> pieces) {
        SegmentName segment = NOWHERE;
        int end = 0;
        for (Piece piece : pieces) {
            boolean moves = !piece.segment().equals(segment);
            Fields.putNumber(into, (long) piece.length() << 1 | (moves ? 1 : 0));
            if (moves) {
                segment = piece.segment();
                end = 0;
                Fields.putNumber(into, segment.major());
                Fields.putNumber(into, segment.minor());
            }
            Fields.putNumber(into, piece.offset() - end);
            end = piece.offset() + piece.size();
        }
    }

    static MailRecord decode(ByteBuffer payload) throws DamagedException {
        if (payload.remaining() < FIXED) {
            throw new DamagedException("a MAIL record of " + payload.remaining() + " bytes");
        }
        long size = payload.getLong();
        int checksum = payload.getInt();
        long arrival = payload.getLong();
        int count = payload.getInt();
        List<Piece> pieces = pieces(payload, count);
        if (pieces.stream().mapToLong(Piece::length).sum() != size) {
            throw new DamagedException("a MAIL record of " + size + " bytes whose pieces have another size");
        }
        return new MailRecord(new Text(size, checksum, pieces), arrival, payload.slice());
    }

    private static List<Piece> pieces(ByteBuffer from, int count) throws DamagedException {
        if (count < 0 || count > from.remaining()) {
            throw new DamagedException("a MAIL record of " + count + " pieces");
        }
        List<Piece> pieces = new ArrayList<>(count);
        SegmentName segment = NOWHERE;
        long end = 0;
        for (int i = 0; i < count; i++) {
            long what = Fields.number(from);
            if ((what & 1) != 0) {
                segment = new SegmentName((int) Fields.number(from), (int) Fields.number(from));
                end = 0;
            }
            long length = what >> 1;
            long offset = end + Fields.number(from);
            if (length < 0 || length > LogRecord.BODY_MOST || offset < 0 || offset > Integer.MAX_VALUE) {
                throw new DamagedException("a piece of " + length + " bytes at " + offset);
            }
            pieces.add(new Piece(segment, (int) offset, (int) length));
            end = offset + LogRecord.HEADER + length;
        }
        return pieces;
    }
}
