package postern.mailauth;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import postern.config.ConfigException;

/// The private keys that tables name, each read once.
final class KeyFiles {
    private final SourceFiles files;
    private final UnaryOperator<String> here;
    private final Map<Path, DkimKey> keys = new HashMap<>();

    /// @param here turns a path as the tables have it into one of this machine
    KeyFiles(SourceFiles files, UnaryOperator<String> here) {
        this.files = files;
        this.here = here;
    }

    SourceFiles files() {
        return files;
    }

    /// @param origin the line that names it: `KeyTable:3`
    /// @throws ConfigException naming line and file
    DkimKey key(String path, String origin) {
        try {
            return keys.computeIfAbsent(Path.of(here.apply(path)), file -> DkimKey.of(files.text(file)));
        } catch (ConfigException e) {
            throw new ConfigException(origin + ": the key cannot be read: " + e.getMessage(), e);
        } catch (InvalidPathException e) {
            throw new ConfigException(origin + ": \"" + path + "\" is no path", e);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(origin + ": " + here.apply(path) + ": " + e.getMessage(), e);
        }
    }
}
