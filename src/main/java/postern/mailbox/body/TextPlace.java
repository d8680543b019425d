package postern.mailbox.body;

import postern.mailbox.TextRef;

/// Where a text lies.
///
/// @param segment the number of the file
/// @param at where the block begins that tells the rest: the text itself, or its table of frames
/// @param stored bytes that all its blocks take
public record TextPlace(long segment, long at, long stored) implements TextRef.Hint {
    @Override
    public String toString() {
        return segment + ":" + at;
    }
}
