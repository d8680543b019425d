package postern.queue;

import java.util.List;

/// Where a message's text lies.
///
/// @param size its bytes
/// @param checksum CRC-32C of the whole
/// @param pieces in order
record Text(long size, int checksum, List<Piece> pieces) {}
