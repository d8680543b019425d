package postern.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.config.ParameterRow.Effect;

/// Every name of Postfix's parameters and of ours: `parameters.tsv`, one row each of name, default and what
/// the parameter does here.
///
/// A name that begins with `<transport>_` stands for a family: `<transport>_destination_rate_delay` is the
/// row of `slow_destination_rate_delay` too.
public final class Parameters {
    /// What stands for a default that the machine decides.
    public static final String MACHINE = "<machine>";
    /// How the name of a family begins.
    public static final String FAMILY = "<transport>_";

    private static final Map<String, ParameterRow> ROWS = load();

    private Parameters() {}

    /// All rows by name, in the order of the file.
    public static Map<String, ParameterRow> rows() {
        return ROWS;
    }

    /// The row of a name: its own, else its family's; null when the name is unknown.
    public static @Nullable ParameterRow row(String name) {
        ParameterRow own = ROWS.get(name);
        return own == null ? family(name) : own;
    }

    private static @Nullable ParameterRow family(String name) {
        ParameterRow family = null;
        for (int at = name.indexOf('_'); family == null && at > 0; at = name.indexOf('_', at + 1)) {
            family = ROWS.get(FAMILY + name.substring(at + 1));
        }
        return family;
    }

    /// Holds the parameters that the code declares against the rows. A family is declared by its `default_…`.
    ///
    /// @return what does not fit, one line each; empty when all is well
    public static List<String> check(Collection<Parameter<?>> declared) {
        List<String> complaints = new ArrayList<>();
        Set<String> names = declared.stream().map(Parameter::name).collect(Collectors.toCollection(TreeSet::new));
        for (Parameter<?> parameter : declared) {
            ParameterRow row = row(parameter.name());
            if (row == null) {
                complaints.add(parameter + ": declared, but parameters.tsv has no row");
                continue;
            }
            if (row.effect() != Effect.WORKS) {
                complaints.add(parameter + ": declared, but its row says: " + row.words());
            }
            boolean same = row.defaultText().equals(parameter.defaultText());
            if (!same && !row.defaultText().equals(MACHINE)) {
                complaints.add(parameter + ": declared with the default \"" + parameter.defaultText()
                        + "\", but its row has \"" + row.defaultText() + "\"");
            }
        }
        for (ParameterRow row : ROWS.values()) {
            if (row.effect() == Effect.WORKS && !names.contains(row.name()) && !names.contains(commonOf(row))) {
                complaints.add(row.name() + ": its row says that it works, but nothing declares it");
            }
        }
        return complaints;
    }

    /// The parameter that a member of a family falls back to: `default_destination_rate_delay`.
    private static String commonOf(ParameterRow row) {
        ParameterRow family = row.name().startsWith(FAMILY) ? row : family(row.name());
        return family == null ? "" : family.defaultText().substring(1);
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
            return Collections.unmodifiableMap(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
