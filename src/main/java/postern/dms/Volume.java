package postern.dms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.ConfigFiles;

/// The config volume: DMS's `/tmp/docker-mailserver`.
///
/// @param directory where it is here
public record Volume(Path directory) {
    /// A line that says something, and where it stands: `postfix-accounts.cf:3`.
    record Line(String text, String origin) {
        /// @throws ConfigException naming file and line
        ConfigException error(String message) {
            return new ConfigException(origin + ": " + message);
        }
    }

    private static final String HOME = "/tmp/docker-mailserver";
    private static final String OPENDKIM = "/etc/opendkim";

    Path file(String name) {
        return directory.resolve(name);
    }

    boolean has(String name) {
        return Files.exists(file(name));
    }

    /// The text of a file, CR LF as LF and the places that DMS calls by its own paths by ours; null when there
    /// is no such file.
    ///
    /// @throws ConfigException when it cannot be read
    @Nullable
    String text(String name) {
        Path file = file(name);
        try {
            return Files.exists(file)
                    ? here(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace("\r\n", "\n"))
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new ConfigException(ConfigFiles.why(file, e), e);
        }
    }

    /// What DMS takes of a file: neither blank lines nor comments; none when there is no such file.
    List<Line> lines(String name) {
        String text = text(name);
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line : (text == null ? "" : text).split("\n", -1)) {
            number++;
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                lines.add(new Line(line.strip(), name + ":" + number));
            }
        }
        return lines;
    }

    /// A text with paths of the volume as they are here.
    String here(String text) {
        return text.replace(HOME + "/", directory + "/").replace(OPENDKIM + "/", directory + "/opendkim/");
    }
}
