package postern.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What `postern postconf` prints: `name = value` lines as postconf(1) prints them, sorted by name, and under
/// each setting a comment with its place, what it does here and which file a path means. The output is
/// main.cf text.
public final class Postconf {
    /// Which values to print.
    public enum Show {
        /// All in force: set or default.
        ALL,
        /// Those that are set (`-n`).
        SET,
        /// The defaults (`-d`), without comments.
        DEFAULTS
    }

    private static final Pattern SPACE = Pattern.compile("[ \\t-\\r]+");

    private final MainCf main;

    public Postconf(MainCf main) {
        this.main = main;
    }

    /// Prints these names, or all when there are none.
    ///
    /// @return the names that nobody knows; nothing was printed for them
    public List<String> print(Show show, Collection<String> names, Appendable out) throws IOException {
        List<String> unknown = new ArrayList<>();
        for (String name : names.isEmpty() ? names(show) : names) {
            if (show == Show.DEFAULTS ? Defaults.text(main, name) == null : main.text(name) == null) {
                unknown.add(name);
            } else if (show == Show.DEFAULTS) {
                line(name, Defaults.text(main, name), out);
            } else if (show == Show.ALL || main.isSet(name)) {
                line(name, main.text(name), out);
                comment(name, out);
            }
        }
        return unknown;
    }

    private Collection<String> names(Show show) {
        TreeSet<String> names = new TreeSet<>();
        if (show != Show.SET) {
            Parameters.rows().keySet().stream()
                    .filter(name -> !name.startsWith(Parameters.FAMILY))
                    .forEach(names::add);
        }
        if (show != Show.DEFAULTS) {
            names.addAll(main.names());
        }
        return names;
    }

    /// One space in place of each run of white space, so that a value on several lines becomes one.
    private static void line(String name, @Nullable String text, Appendable out) throws IOException {
        String value = text == null ? "" : SPACE.matcher(text).replaceAll(" ");
        out.append(name).append(value.isEmpty() ? " =" : " = ").append(value).append('\n');
    }

    private void comment(String name, Appendable out) throws IOException {
        List<String> says = new ArrayList<>();
        if (main.isSet(name)) {
            ParameterRow row = Parameters.row(name);
            says.add(main.origin(name) + ": " + (row == null ? "a name of your own" : row.words()));
        }
        says.addAll(paths(name));
        if (!says.isEmpty()) {
            out.append("    # ").append(String.join("; ", says)).append('\n');
        }
    }

    /// What each path in a value became, where that is another one.
    private List<String> paths(String name) {
        List<String> became = new ArrayList<>();
        try {
            for (String word : Values.list(main.expand(String.valueOf(main.text(name))))) {
                String path = word.substring(word.indexOf('/') < 0 ? word.length() : word.indexOf('/'));
                String file = path.isEmpty() ? path : main.file(path).toString();
                if (!file.equals(path)) {
                    became.add(path + " is " + file);
                }
            }
        } catch (ConfigException | IllegalArgumentException e) {
            became.clear(); // who reads the parameter says what is wrong with it
        }
        return became;
    }
}
