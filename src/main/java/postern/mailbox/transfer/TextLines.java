package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import postern.wire.Utf8;

/// Small files of other programs.
final class TextLines {
    private TextLines() {}

    /// The lines of a file: in UTF-8, or each byte a character where it is not that.
    static List<String> of(Path file) throws IOException {
        return of(Files.readAllBytes(file));
    }

    static List<String> of(byte[] bytes) {
        String text = Utf8.orNull(bytes, 0, bytes.length);
        return (text == null ? new String(bytes, StandardCharsets.ISO_8859_1) : text)
                .lines()
                .toList();
    }
}
