package postern.queue;

/// Where a piece of a text lies.
///
/// @param offset where its BODY record begins in the segment
/// @param length bytes of text
record Piece(SegmentName segment, int offset, int length) {
    /// Bytes of the record.
    int size() {
        return LogRecord.HEADER + length;
    }
}
