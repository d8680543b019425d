package postern.dms;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import postern.config.ConfigException;
import postern.config.ConfigFiles;
import postern.config.LogicalLines;

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
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    Path file(String name) {
        return directory.resolve(name);
    }

    boolean has(String name) {
        return Files.exists(file(name));
    }

    /// The text of a file, CR LF as LF; empty when there is no such file.
    ///
    /// @throws ConfigException when it cannot be read, or is not UTF-8: file and line
    String text(String name) {
        Path file = file(name);
        try {
            return Files.isRegularFile(file) ? decode(name, Files.readAllBytes(file)) : "";
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new ConfigException(ConfigFiles.why(file, e), e);
        }
    }

    /// Text as all files of the volume have it.
    static String decode(String name, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = utf8.decode(in, out, true);
        String text = out.flip().toString();
        long line = text.chars().filter(c -> c == '\n').count() + 1;
        if (result.isError()) {
            throw new ConfigException(name + ":" + line + ": not UTF-8; save the file as UTF-8");
        }
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            long at = text.substring(0, nul).chars().filter(c -> c == '\n').count() + 1;
            throw new ConfigException(name + ":" + at + ": a NUL byte; remove it");
        }
        return (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).replace("\r\n", "\n");
    }

    /// What DMS takes of a file: neither blank lines nor comments; none when there is no such file.
    List<Line> lines(String name) {
        return lines(name, text(name));
    }

    static List<Line> lines(String name, String text) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                lines.add(new Line(line.strip(), name + ":" + number));
            }
        }
        return lines;
    }

    /// The lines of a file as Postfix's tables have them: what begins with white space goes on with the line
    /// before.
    ///
    /// @param warnings takes what is left out
    List<Line> logicalLines(String name, List<String> warnings) {
        LogicalLines all = LogicalLines.of(name, text(name).getBytes(StandardCharsets.UTF_8));
        warnings.addAll(all.warnings());
        return all.lines().stream()
                .map(line -> new Line(line.text(), name + ":" + line.number()))
                .toList();
    }

    /// The files in a directory of the volume (empty: in itself), by name; none when there is no such directory.
    List<String> names(String within) {
        Path place = within.isEmpty() ? directory : file(within);
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(place)) {
            return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
        } catch (IOException e) {
            throw new ConfigException(ConfigFiles.why(place, e), e);
        }
    }

    /// The file that a text means: paths of DMS's container are paths of the volume here.
    Path path(String text) {
        return directory.resolve(here(text));
    }

    /// A text with paths of the volume as they are here.
    String here(String text) {
        return text.replace(HOME + "/", directory + "/").replace(OPENDKIM + "/", directory + "/opendkim/");
    }
}
