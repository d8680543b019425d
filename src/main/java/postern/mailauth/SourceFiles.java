package postern.mailauth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.ConfigFiles;

/// The files that a configuration was read from, so that it is known when one has changed: those too that were
/// looked for and not there.
final class SourceFiles {
    private static final int LARGEST = 16 * 1024 * 1024;

    private final Map<Path, String> seen = new LinkedHashMap<>();

    boolean exists(Path file) {
        return !seen.computeIfAbsent(file, SourceFiles::state).isEmpty();
    }

    /// The text of a file.
    ///
    /// @throws ConfigException naming it, when it cannot be read
    String text(Path file) {
        seen.computeIfAbsent(file, SourceFiles::state);
        try {
            if (Files.size(file) > LARGEST) {
                throw new ConfigException(file + ": too large");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException(ConfigFiles.why(file, e), e);
        }
    }

    /// Whether a file is not as it was when it was first looked at.
    boolean haveChanged() {
        return seen.entrySet().stream().anyMatch(entry -> !state(entry.getKey()).equals(entry.getValue()));
    }

    /// Empty when there is no such file.
    private static String state(Path file) {
        @Nullable BasicFileAttributes attributes = attributes(file);
        return attributes == null
                ? ""
                : attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    }

    private static @Nullable BasicFileAttributes attributes(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }
}
