package postern.mailbox.sql;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import postern.mailbox.TextRef;
import postern.mailbox.body.Bodies;
import postern.mailbox.body.TextPlace;

/// Opens texts, wherever they lie: in the database or in a segment. A text moves while it is looked for: from the
/// one into the other, and when segments are emptied.
record TextReads(Readers readers, Bodies bodies) {
    private static final int TRIES = 3;

    /// @throws IOException also when it is damaged, before a wrong byte is given
    InputStream open(TextRef text, long from) throws IOException {
        TextPlace place = text.hint() instanceof TextPlace seen ? seen : place(text);
        for (int tries = 1; ; tries++) {
            try {
                return FreshTexts.holds(place) ? fresh(text, from) : bodies.read(place, text.size(), from);
            } catch (NoSuchFileException e) {
                if (tries == TRIES) {
                    throw new IOException(
                            "text " + text.id() + " is gone with its segment " + e.getMessage()
                                    + ": only a backup has it (postern restore)",
                            e);
                }
                place = place(text);
            }
        }
    }

    private InputStream fresh(TextRef text, long from) throws IOException {
        byte[] bytes = readers.read(handle -> Optional.ofNullable(FreshTexts.read(handle, text.id())))
                .orElseThrow(() -> new NoSuchFileException("fresh_texts"));
        int start = (int) Math.min(from, bytes.length);
        return new ByteArrayInputStream(bytes, start, bytes.length - start);
    }

    private TextPlace place(TextRef text) throws IOException {
        return readers.read(handle -> Optional.ofNullable(Texts.place(handle, text.id())))
                .orElseThrow(() -> new IOException("text " + text.id() + " is gone"));
    }
}
