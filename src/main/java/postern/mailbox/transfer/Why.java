package postern.mailbox.transfer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.zip.ZipException;

/// Why something could not be read, in words for a report that has named it already.
final class Why {
    private Why() {}

    static String of(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException none -> "it is gone";
            case EOFException early -> "it ends too early: its compressed text is damaged";
            case ZipException damaged -> "its compressed text is damaged: " + e.getMessage();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
