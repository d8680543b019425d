package postern.dms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private static final String FILE = "__FILE";
    private static final String ENV_FILE = "mailserver.env";

    private final Map<String, String> set;
    private final List<String> warnings;

    private Environment(Map<String, String> set, List<String> warnings) {
        this.set = set;
        this.warnings = List.copyOf(warnings);
    }

    /// @param process the variables of the process; of those only names that DMS or we know count
    /// @throws ConfigException when `mailserver.env` breaks its grammar
    public static Environment of(Volume volume, Map<String, String> process) {
        Map<String, String> set = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        for (Volume.Line line : volume.lines(ENV_FILE)) {
            int equals = line.text().indexOf('=');
            String name = equals < 0 ? line.text() : line.text().substring(0, equals);
            if (equals < 0 || !name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw line.error("\"" + line.text() + "\" is no NAME=value");
            }
            if (!isKnown(name)) {
                warnings.add(line.origin() + ": " + name + " is no variable of docker-mailserver; it has no effect");
            }
            set.put(name, unquoted(line.text().substring(equals + 1).strip()));
        }
        process.forEach((name, value) -> {
            if (isKnown(name)) {
                set.put(name, value);
            }
        });
        takeFiles(set, volume, warnings);
        return new Environment(set, warnings);
    }

    private static boolean isKnown(String name) {
        return Variables.knows(name.endsWith(FILE) ? name.substring(0, name.length() - FILE.length()) : name);
    }

    /// As docker compose reads it.
    private static String unquoted(String text) {
        int last = text.length() - 1;
        boolean quoted = last > 0 && text.charAt(0) == text.charAt(last) && "'\"".indexOf(text.charAt(0)) >= 0;
        return quoted ? text.substring(1, last) : text;
    }

    private static void takeFiles(Map<String, String> set, Volume volume, List<String> warnings) {
        for (String name : Set.copyOf(set.keySet())) {
            if (!name.endsWith(FILE)) {
                continue;
            }
            String plain = name.substring(0, name.length() - FILE.length());
            String path = set.remove(name);
            if (path == null || path.isEmpty()) {
                continue;
            }
            if (set.containsKey(plain)) {
                warnings.add(name + " has no effect: " + plain + " is set");
                continue;
            }
            Path file = Path.of(volume.here(path));
            try {
                set.put(plain, Files.readString(file, StandardCharsets.UTF_8).strip());
            } catch (IOException e) {
                warnings.add(name + ": " + ConfigFiles.why(file, e));
            }
        }
    }

    /// What is odd, a line each.
    List<String> warnings() {
        return warnings;
    }

    /// The value, else DMS's default.
    public String get(String name) {
        String value = set.get(name);
        return value == null || value.isEmpty() ? Variables.defaultOf(name) : value;
    }

    /// Whether a switch is on.
    public boolean isOn(String name) {
        return get(name).equals("1");
    }

    /// The value that the user set, or null.
    public @Nullable String given(String name) {
        return set.get(name);
    }

    /// Names that the user gave another value than DMS's default.
    List<String> changed() {
        return set.keySet().stream()
                .filter(name -> !get(name).equals(Variables.defaultOf(name)))
                .sorted()
                .toList();
    }
}
