package postern.dms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.ConfigFiles;

/// DMS's variables: those of the process, then those of `mailserver.env` in the config volume, then DMS's own
/// defaults ([Variables]). `NAME__FILE` names a file that has the value of `NAME`.
public final class Environment {
    static final String ENV_FILE = "mailserver.env";
    private static final String FILE = "__FILE";
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

    /// @param origin `mailserver.env:3`, or `environment`
    private record Value(String text, String origin) {}

    private final Map<String, Value> set;
    private final List<Path> files;
    private final List<String> warnings;

    private Environment(Map<String, Value> set, List<Path> files, List<String> warnings) {
        this.set = set;
        this.files = List.copyOf(files);
        this.warnings = List.copyOf(warnings);
    }

    /// @param process the variables of the process; of those only names that DMS or we know count
    /// @throws ConfigException when `mailserver.env` breaks its grammar
    public static Environment of(Volume volume, Map<String, String> process) {
        Map<String, Value> set = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        for (Volume.Line line : volume.lines(ENV_FILE)) {
            read(line, set, warnings);
        }
        process.forEach((name, value) -> {
            if (isKnown(name)) {
                set.put(name, new Value(value, "environment"));
            }
        });
        List<Path> files = takeFiles(set, volume, warnings);
        return new Environment(set, files, warnings);
    }

    /// A name alone is one that docker takes from its own environment: here the process has it.
    private static void read(Volume.Line line, Map<String, Value> set, List<String> warnings) {
        String text = line.text().replaceFirst("^export\\s+", "");
        int equals = text.indexOf('=');
        String name = (equals < 0 ? text : text.substring(0, equals)).strip();
        if (!name.matches(NAME)) {
            throw line.error("a line is NAME=value, not \"" + name + "\"");
        }
        if (!isKnown(name)) {
            warnings.add(line.origin() + ": " + name + " is no variable of docker-mailserver; it has no effect");
        } else if (equals >= 0) {
            set.put(name, new Value(unquoted(text.substring(equals + 1).strip()), line.origin()));
        }
    }

    private static boolean isKnown(String name) {
        return Variables.knows(name.endsWith(FILE) ? name.substring(0, name.length() - FILE.length()) : name);
    }

    /// As docker compose reads it: quotes around all of it are not part of it; outside of them ` #` begins a
    /// comment. Between double quotes a backslash makes a quote or a backslash part of the text.
    private static String unquoted(String text) {
        if (!text.isEmpty() && "'\"".indexOf(text.charAt(0)) >= 0) {
            int end = closing(text);
            String rest = end < 0 ? "" : text.substring(end + 1).strip();
            if (end > 0 && (rest.isEmpty() || rest.startsWith("#"))) {
                String inner = text.substring(1, end);
                return text.charAt(0) == '"' ? inner.replaceAll("\\\\([\"\\\\])", "$1") : inner;
            }
        }
        return text.startsWith("#") ? "" : text.replaceFirst("\\s+#.*$", "");
    }

    /// Where the quotes end that a text begins with; -1 when they do not.
    private static int closing(String text) {
        char quote = text.charAt(0);
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && quote == '"') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i;
            }
        }
        return -1;
    }

    /// The text of a file but for the line ends behind it, as a shell takes it: a password may begin or end with
    /// a space.
    private static List<Path> takeFiles(Map<String, Value> set, Volume volume, List<String> warnings) {
        List<Path> files = new ArrayList<>();
        for (String name : Set.copyOf(set.keySet())) {
            if (!name.endsWith(FILE)) {
                continue;
            }
            String plain = name.substring(0, name.length() - FILE.length());
            Value path = set.remove(name);
            if (path == null || path.text().isEmpty()) {
                continue;
            }
            if (set.containsKey(plain)) {
                warnings.add(path.origin() + ": " + name + " has no effect: " + plain + " is set");
                continue;
            }
            Path file = volume.path(path.text());
            files.add(file);
            try {
                String text = Volume.decode(file.toString(), Files.readAllBytes(file));
                set.put(plain, new Value(text.replaceFirst("\\n+$", ""), file.toString()));
            } catch (IOException e) {
                warnings.add(path.origin() + ": " + name + ": " + ConfigFiles.why(file, e));
            }
        }
        return files;
    }

    /// The files that variables were taken from (`NAME__FILE`), there or not.
    List<Path> files() {
        return files;
    }

    /// What is odd, a line each.
    List<String> warnings() {
        return warnings;
    }

    /// The value, else DMS's default.
    public String get(String name) {
        Value value = set.get(name);
        return value == null || value.text().isEmpty() ? Variables.defaultOf(name) : value.text();
    }

    /// Whether a switch is on.
    public boolean isOn(String name) {
        return get(name).equals("1");
    }

    /// A number that is not negative.
    ///
    /// @throws ConfigException naming the variable
    long number(String name) {
        String text = get(name);
        if (!text.matches("[0-9]{1,18}")) {
            throw error(name, "a number is needed");
        }
        return Long.parseLong(text);
    }

    /// One of these.
    ///
    /// @throws ConfigException naming the variable
    String choice(String name, List<String> choices) {
        String text = get(name);
        if (!choices.contains(text)) {
            throw error(name, "one of these is needed: " + String.join(", ", choices));
        }
        return text;
    }

    /// `mailserver.env:3: SSL_TYPE=foo: message`
    ConfigException error(String name, String message) {
        return new ConfigException(origin(name) + ": " + name + "=" + get(name) + ": " + message);
    }

    String origin(String name) {
        Value value = set.get(name);
        return value == null ? "docker-mailserver's default" : value.origin();
    }

    /// The value that the user set, or null.
    public @Nullable String given(String name) {
        Value value = set.get(name);
        return value == null ? null : value.text();
    }

    /// Names that the user gave another value than DMS's default.
    List<String> changed() {
        return set.keySet().stream()
                .filter(name -> !get(name).equals(Variables.defaultOf(name)))
                .sorted()
                .toList();
    }
}
