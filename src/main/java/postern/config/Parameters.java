package postern.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Every name of Postfix's parameters and of ours: `parameters.tsv`, one row each of name, default and what the
/// parameter does here.
///
/// A name that begins with `<transport>_` stands for a family: `<transport>_destination_rate_delay` is the row of
/// `slow_destination_rate_delay` too.
public final class Parameters {
    /// What stands for a default that the machine decides.
    public static final String MACHINE = "<machine>";

    private static final String FAMILY = "<transport>_";
    private static final Map<String, ParameterRow> ROWS = load();

    private Parameters() {}

    /// All rows by name, in the order of the file.
    public static Map<String, ParameterRow> rows() {
        return ROWS;
    }

    /// The row of a name: its own, else its family's; null when the name is unknown.
    public static @Nullable ParameterRow row(String name) {
        ParameterRow own = ROWS.get(name);
        for (int at = name.indexOf('_'); own == null && at > 0; at = name.indexOf('_', at + 1)) {
            own = ROWS.get(FAMILY + name.substring(at + 1));
        }
        return own;
    }

    private static Map<String, ParameterRow> load() {
        try (InputStream file = Parameters.class.getResourceAsStream("/parameters.tsv")) {
            if (file == null) {
                throw new IllegalStateException("parameters.tsv is missing from the build");
            }
            Map<String, ParameterRow> rows = new LinkedHashMap<>();
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(ParameterRow::parse)
                    .forEach(row -> rows.put(row.name(), row));
            return java.util.Collections.unmodifiableMap(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
