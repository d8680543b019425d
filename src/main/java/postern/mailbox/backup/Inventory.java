package postern.mailbox.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a backup consists of: a text of one line for each file, and a checksum over all lines at the end.
///
/// @param number of the backups into this directory, the first is 1
/// @param made when the rows were copied
/// @param store the id of the store that it is of
record Inventory(int number, Instant made, String store, List<Entry> entries) {
    static final String NAME = "INVENTORY";

    private static final String FIRST = "POSTERN BACKUP 1";

    /// What a file is.
    enum Kind {
        /// The rows.
        ROWS,
        /// A segment that nothing is written to any more.
        SEGMENT,
        /// A segment that goes on.
        GROWING,
        /// A file that goes along.
        FILE;

        private static @Nullable Kind of(String name) {
            for (Kind kind : values()) {
                if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /// A file of the backup.
    ///
    /// @param seal its length and checksum
    /// @param mode its permissions, `rw-r-----`
    /// @param stored where it lies in the backup's directory
    /// @param name where it goes: in the store, or among the files of its set
    record Entry(Kind kind, Seal seal, String mode, String stored, String name) {
        private String line() {
            return kind.name().toLowerCase(Locale.ROOT) + " " + seal.sum() + " " + seal.bytes() + " " + mode + " "
                    + coded(stored) + " " + coded(name);
        }

        /// @throws IllegalArgumentException when it is none
        private static Entry parse(String line) {
            String[] words = line.split(" ", -1);
            Kind kind = Kind.of(words[0]);
            if (kind == null
                    || words.length != 6
                    || !words[1].matches("[0-9a-f]{64}")
                    || !words[2].matches("[0-9]{1,18}")
                    || !words[3].matches("([r-][w-][x-]){3}")) {
                throw new IllegalArgumentException("no line of an inventory: " + line);
            }
            return new Entry(
                    kind, new Seal(words[1], Long.parseLong(words[2])), words[3], inside(words[4]), inside(words[5]));
        }

        /// A path that leads nowhere else.
        private static String inside(String word) {
            String path = decoded(word);
            boolean leadsOut = path.isEmpty()
                    || path.startsWith("/")
                    || path.indexOf('\0') >= 0
                    || List.of(path.split("/", -1)).stream().anyMatch(part -> part.matches("\\.{0,2}"));
            if (leadsOut) {
                throw new IllegalArgumentException("no path inside of a backup: " + word);
            }
            return path;
        }
    }

    private static String coded(String path) {
        return path.replace("%", "%25").replace(" ", "%20").replace("\n", "%0A").replace("\r", "%0D");
    }

    private static String decoded(String word) {
        return word.replace("%0A", "\n")
                .replace("%0D", "\r")
                .replace("%20", " ")
                .replace("%25", "%");
    }

    /// The text of the file.
    byte[] bytes() {
        String lines = FIRST + "\nnumber " + number + "\nmade " + made + "\nstore " + coded(store) + "\n"
                + entries.stream().map(entry -> entry.line() + "\n").collect(Collectors.joining());
        return (lines + "end " + Seal.of(lines.getBytes(StandardCharsets.UTF_8)).sum() + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /// @throws IllegalArgumentException when it is no inventory, or not as it was written
    static Inventory parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.lastIndexOf("end ");
        String lines = end < 0 ? "" : text.substring(0, end);
        if (!text.equals(
                lines + "end " + Seal.of(lines.getBytes(StandardCharsets.UTF_8)).sum() + "\n")) {
            throw new IllegalArgumentException("the inventory is damaged, or its end is missing");
        }
        String[] each = lines.split("\n", -1);
        if (each.length < 5
                || !each[0].equals(FIRST)
                || !each[1].matches("number [1-9][0-9]{0,8}")
                || !each[2].startsWith("made ")
                || !each[3].startsWith("store ")) {
            throw new IllegalArgumentException("an inventory that another version of this program wrote");
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 4; i < each.length - 1; i++) {
            entries.add(Entry.parse(each[i]));
        }
        try {
            return new Inventory(
                    Integer.parseInt(each[1].substring(7)),
                    Instant.parse(each[2].substring(5)),
                    decoded(each[3].substring(6)),
                    List.copyOf(entries));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no line of an inventory: " + each[2], e);
        }
    }

    /// That of a directory; null when it has none.
    ///
    /// @throws IOException also when it is damaged
    static @Nullable Inventory read(Path directory) throws IOException {
        try {
            return parse(Files.readAllBytes(directory.resolve(NAME)));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IllegalArgumentException e) {
            throw new IOException(directory.resolve(NAME) + ": " + e.getMessage(), e);
        }
    }

    /// The full segments, by name.
    Map<String, Entry> segments() {
        return entries.stream()
                .filter(entry -> entry.kind() == Kind.SEGMENT)
                .collect(Collectors.toMap(Entry::name, entry -> entry));
    }
}
