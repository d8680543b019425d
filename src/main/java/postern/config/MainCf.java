package postern.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// An immutable snapshot of `main.cf`. [#get(Parameter)] gives the value of a parameter, expanded and parsed,
/// from the file or its default; values are kept, so asking twice costs one look-up.
public final class MainCf {
    /// Where a setting was made: for error messages (`main.cf:12`).
    public record Setting(String text, String origin) {}

    private final Path directory;
    private final Map<String, Setting> settings;
    private final Map<String, Object> values = new ConcurrentHashMap<>();

    private MainCf(Path directory, Map<String, Setting> settings) {
        this.directory = directory;
        this.settings = Map.copyOf(settings);
    }

    /// The configuration with these settings and nothing else: for tests and built-in instances.
    public static MainCf of(Path directory, Map<String, String> settings) {
        Map<String, Setting> made = new java.util.HashMap<>();
        settings.forEach((name, text) -> made.put(name, new Setting(text, "given")));
        return new MainCf(directory, made);
    }

    /// The value of a parameter.
    ///
    /// @throws ConfigException when its text cannot be read as what the parameter is; names file, line and
    ///     parameter
    @SuppressWarnings("unchecked")
    public <T> T get(Parameter<T> parameter) {
        Object known = values.get(parameter.name());
        if (known == null) {
            known = read(parameter);
            values.put(parameter.name(), known);
        }
        return (T) known;
    }

    private <T> Object read(Parameter<T> parameter) {
        Setting setting = settings.get(parameter.name());
        String text = setting == null ? parameter.defaultText() : setting.text();
        try {
            T value = parameter.parse(expand(text));
            return value;
        } catch (IllegalArgumentException e) {
            throw new ConfigException(origin(parameter.name()) + ": " + parameter.name() + ": " + e.getMessage(), e);
        }
    }

    /// Whether the file (or an override) sets this name.
    public boolean isSet(String name) {
        return settings.containsKey(name);
    }

    public Set<String> names() {
        return settings.keySet();
    }

    /// Where a name was set, as `main.cf:12`; `default` when it was not.
    public String origin(String name) {
        Setting setting = settings.get(name);
        return setting == null ? "default" : setting.origin();
    }

    /// The text with all `$name` forms replaced.
    public String expand(String text) {
        return text;
    }

    /// The directory this configuration was read from (`-c`).
    public Path directory() {
        return directory;
    }

    /// The file that a path in the configuration means: what begins with `/etc/postfix/` lies in
    /// [#directory()], a relative path too.
    public Path file(String text) {
        return text.startsWith("/etc/postfix/")
                ? directory.resolve(text.substring("/etc/postfix/".length()))
                : directory.resolve(text);
    }

    /// This configuration with some settings replaced: `-o name=value` of master.cf.
    public MainCf with(Map<String, String> overrides, String origin) {
        Map<String, Setting> all = new java.util.HashMap<>(settings);
        overrides.forEach((name, text) -> all.put(name, new Setting(text, origin)));
        return new MainCf(directory, all);
    }
}
