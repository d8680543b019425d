package postern.dms;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables of DMS, with their defaults there and what they do here: `dms-variables.tsv`.
final class Variables {
    /// What a variable does here.
    enum State {
        WORKS,
        /// It has no effect, for the reason given.
        NONE,
        /// What it asks for is not here.
        LACKS,
        /// It says more about another, and nothing without it.
        DETAIL
    }

    /// @param of the variable that a detail belongs to, or empty
    record Row(String name, String standard, State state, String of, String why) {}

    private static final Map<String, Row> ROWS = read();

    private Variables() {}

    private static Map<String, Row> read() {
        Map<String, Row> rows = new LinkedHashMap<>();
        try (InputStream in = Variables.class.getResourceAsStream("/dms-variables.tsv")) {
            if (in == null) {
                throw new IOException("dms-variables.tsv is missing");
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList()) {
                String[] cells = line.split("\t", -1);
                boolean detail = cells[2].startsWith("of ");
                State state = detail
                        ? State.DETAIL
                        : switch (cells[2]) {
                            case "works" -> State.WORKS;
                            case "none" -> State.NONE;
                            case "lacks" -> State.LACKS;
                            default -> throw new IOException("dms-variables.tsv: " + line);
                        };
                rows.put(cells[0], new Row(cells[0], cells[1], state, detail ? cells[2].substring(3) : "", cells[3]));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    static boolean knows(String name) {
        return ROWS.containsKey(name);
    }

    /// DMS's default; empty for one without.
    static String defaultOf(String name) {
        Row row = ROWS.get(name);
        if (row == null) {
            throw new IllegalArgumentException(name + " is no variable of docker-mailserver");
        }
        return row.standard();
    }

    static @Nullable Row row(String name) {
        return ROWS.get(name);
    }

    static List<Row> rows() {
        return List.copyOf(ROWS.values());
    }
}
