package postern.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// How messages speak of files.
final class ConfigFiles {
    private ConfigFiles() {}

    /// Why a file cannot be read: `DIR/nets: no such file`.
    static String why(Path file, IOException e) {
        return file + ": "
                + switch (e) {
                    case NoSuchFileException none -> "no such file";
                    case AccessDeniedException none -> "permission denied";
                    case CharacterCodingException none -> "not UTF-8";
                    default -> e.getMessage();
                };
    }
}
