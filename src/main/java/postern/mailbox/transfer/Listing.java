package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is in a directory.
final class Listing {
    private Listing() {}

    /// In no order.
    static List<Path> of(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw new IOException(directory + " cannot be read to its end", e);
        }
        return found;
    }

    /// The directories in it, by name; symbolic links are none.
    static List<Path> directories(Path directory) throws IOException {
        return of(directory).stream()
                .filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
                .sorted()
                .toList();
    }

    static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }
}
