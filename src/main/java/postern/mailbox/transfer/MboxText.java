package postern.mailbox.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// The text of a message in an mbox, without what belongs to the file: fields of its own, and quotes in front of
/// `From `.
final class MboxText extends PieceStream {
    private final LineChunks lines;
    private final boolean isQuoted;
    private boolean isBody;
    private boolean isOwn;

    MboxText(InputStream part, boolean isQuoted) {
        super(part);
        this.lines = new LineChunks(part);
        this.isQuoted = isQuoted;
    }

    @Override
    byte[] next() throws IOException {
        while (lines.next()) {
            if (isBody) {
                byte[] piece = lines.bytes();
                return isQuoted && lines.quotes() > 0 ? Arrays.copyOfRange(piece, 1, piece.length) : piece;
            }
            String field = lines.field();
            boolean isMore = !lines.beginsLine() || lines.isFolded();
            isOwn = isMore ? isOwn : field != null && MboxHead.isOwn(field);
            isBody = lines.isBlank();
            if (!isOwn) {
                return lines.bytes();
            }
        }
        return NOTHING;
    }
}
