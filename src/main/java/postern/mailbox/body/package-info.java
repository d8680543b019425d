/// # mailbox.body - the texts of messages, in append-only segment files
///
/// A text is appended to a segment as blocks: up to 64 KB of it in one block, and no more than that; a longer
/// one in frames of 64 KB, each compressed with Zstandard where that saves a tenth or more, and a table of the
/// frames behind them. A block begins with its kind, its length and a CRC-32C over both, its place and what it
/// holds, so that a block that lies at the wrong place is damaged too. Reading begins at the frame that is asked
/// for, and gives no byte before the block's checksum has been proved.
///
/// Nothing here says which texts live: who keeps a [postern.mailbox.body.TextPlace] somewhere durable, after
/// [postern.mailbox.body.Waiting#forced()], has the text. What is not named is waste, so segments are never
/// scanned, and a torn tail does not matter. [postern.mailbox.body.Bodies#compact] empties segments that are
/// mostly waste: it copies what lives, forces it, has the new places committed, and then unlinks.
///
/// State: the segment that is appended to, and those that a text is still being written to
/// ([postern.mailbox.body.Segments]). Threads: who writes a text appends its blocks; one platform thread
/// ([postern.mailbox.body.Forcer]) forces all that wait, once. A failed force is final: that segment takes no
/// more blocks, and all that waited for it fail.
///
/// RFCs: 8878 (Zstandard).
@NullMarked
package postern.mailbox.body;

import org.jspecify.annotations.NullMarked;
