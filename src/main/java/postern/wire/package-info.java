/// # wire - framing over bytes, no sockets
///
/// What turns a stream of bytes into lines, message data and back: [postern.wire.LineReader],
/// [postern.wire.DotReader], [postern.wire.ChunkReader], [postern.wire.DotWriter],
/// [postern.wire.ProxyHeader]. All of them share one [postern.wire.Window] per connection, so that bytes
/// which a peer sent ahead (pipelining) are never lost between two readers.
///
/// State: the window belongs to its session's thread. Nothing here allocates per body line.
///
/// RFCs: 5321 §2.3.8 (lines), 5321 §4.5.2 (transparency), 3030 (BDAT).
@NullMarked
package postern.wire;

import org.jspecify.annotations.NullMarked;
