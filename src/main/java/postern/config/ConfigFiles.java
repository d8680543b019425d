package postern.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How messages speak of files. What Java throws often says no more than the file's name.
public final class ConfigFiles {
    private ConfigFiles() {}

    /// What is wrong with a file: `DIR/nets: no such file`.
    public static String why(Path file, IOException e) {
        return file + ": " + reason(e);
    }

    /// What went wrong, with the name of the file that the failure is about when it is about one.
    public static String why(IOException e) {
        @Nullable String file = e instanceof FileSystemException failure ? failure.getFile() : null;
        return file == null ? reason(e) : file + ": " + reason(e);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException none -> "no such file";
            case AccessDeniedException none -> "permission denied";
            case NotDirectoryException none -> "not a directory";
            case FileAlreadyExistsException none -> "there already, and not as it should be";
            case CharacterCodingException none -> "not UTF-8";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
