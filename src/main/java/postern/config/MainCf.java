package postern.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An immutable snapshot of `main.cf`. [#get(Parameter)] gives the value of a parameter, expanded and parsed,
/// from the file or its default; values are kept, so asking twice costs one look-up.
public final class MainCf {
    /// What a name was set to, unexpanded, and where: for error messages (`main.cf:12`).
    public record Setting(String text, String origin) {}

    /// Which of Postfix's defaults count: those of this version (COMPATIBILITY_README).
    public static final Parameter<String> COMPATIBILITY_LEVEL = Parameter.text("compatibility_level", "0")
            .where(MainCf::isLevel, "a compatibility level such as 3.6")
            .doc("Which of Postfix's changing defaults count; `3.6` on a fresh installation.");
    /// The name of this mail system.
    public static final Parameter<String> MYHOSTNAME = Parameter.text("myhostname", Parameters.MACHINE)
            .where(MainCf::isHostname, "a host name such as mail.example.com")
            .doc("The name of this mail system: what the server greets with. The machine's, with `$mydomain`.");
    /// The domain of this mail system.
    public static final Parameter<String> MYDOMAIN = Parameter.text("mydomain", Parameters.MACHINE)
            .where(MainCf::isHostname, "a domain such as example.com")
            .doc("`$myhostname` without its first label.");
    /// What `mynetworks` is made of.
    public static final Parameter<String> MYNETWORKS_STYLE = Parameter.choice(
                    "mynetworks_style",
                    "${{$compatibility_level} <level {2} ? {subnet} : {host}}",
                    Map.of("host", "host", "subnet", "subnet", "class", "class"))
            .doc("What `mynetworks` is when it is not set: this machine (`host`), its networks (`subnet`, `class`).");

    /// The parameters declared here.
    public static final List<Parameter<?>> PARAMETERS =
            List.of(COMPATIBILITY_LEVEL, MYHOSTNAME, MYDOMAIN, MYNETWORKS_STYLE);

    private static final Pattern HOSTNAME =
            Pattern.compile("(?=.{1,255}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
                    + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*");
    private static final String POSTFIX_DIRECTORY = "/etc/postfix";

    private final Path directory;
    private final Map<String, Setting> settings;
    private final List<String> warnings;
    private final Map<Parameter<?>, Object> values = new ConcurrentHashMap<>();

    private MainCf(Path directory, Map<String, Setting> settings, List<String> warnings) {
        this.directory = directory;
        this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        this.warnings = List.copyOf(warnings);
    }

    /// Reads `main.cf` in a directory.
    ///
    /// @throws ConfigException when it is missing or breaks the syntax
    public static MainCf load(Path directory) {
        MainCfReader read = MainCfReader.read(directory.resolve("main.cf"));
        return new MainCf(directory, read.settings(), read.warnings());
    }

    /// The configuration with these settings and nothing else: for tests and built-in instances.
    public static MainCf of(Path directory, Map<String, String> settings) {
        return of(directory, settings, "given");
    }

    /// The same, for settings that say where they come from.
    public static MainCf of(Path directory, Map<String, String> settings, String origin) {
        Map<String, Setting> made = new LinkedHashMap<>();
        settings.forEach((name, text) -> made.put(name, new Setting(text, origin)));
        return new MainCf(directory, made, List.of());
    }

    /// The same, for settings of which each says where it comes from.
    public static MainCf from(Path directory, Map<String, Setting> settings) {
        return new MainCf(directory, settings, List.of());
    }

    /// This configuration with the lines of another file over it, which keep their own origin
    /// (`postfix-main.cf:3`).
    ///
    /// @param file how messages call it
    /// @throws ConfigException when it breaks the syntax
    public MainCf over(String file, byte[] bytes) {
        MainCfReader read = MainCfReader.parse(file, bytes);
        Map<String, Setting> all = new LinkedHashMap<>(settings);
        all.putAll(read.settings());
        List<String> both = new ArrayList<>(warnings);
        both.addAll(read.warnings());
        return new MainCf(directory, all, both);
    }

    /// The value of a parameter.
    ///
    /// @throws ConfigException when its text cannot be read as what the parameter is; names file, line and
    ///     parameter
    @SuppressWarnings("unchecked")
    public <T> T get(Parameter<T> parameter) {
        Object known = values.get(parameter);
        if (known == null) {
            known = read(parameter);
            values.put(parameter, known);
        }
        return (T) known;
    }

    /// Reads each of these parameters, so that what is wrong with one is known before it is needed.
    ///
    /// @throws ConfigException with all that is wrong, a line each
    public void readAll(Collection<Parameter<?>> parameters) {
        Set<String> wrong = new LinkedHashSet<>();
        for (Parameter<?> parameter : parameters) {
            try {
                get(parameter);
            } catch (ConfigException e) {
                wrong.add(e.getMessage());
            }
        }
        if (!wrong.isEmpty()) {
            throw new ConfigException(String.join("\n", wrong));
        }
    }

    private <T> Object read(Parameter<T> parameter) {
        try {
            String text = text(parameter.name(), parameter.defaultText());
            return parameter.parse(parameter.isRaw() ? text : expression().expand(text));
        } catch (IllegalArgumentException e) {
            throw error(parameter.name(), e.getMessage(), e);
        }
    }

    /// The error for a value that cannot be used: `main.cf:12: name: message`.
    public ConfigException error(String name, @Nullable String message, @Nullable Throwable cause) {
        return new ConfigException(origin(name) + ": " + name + ": " + message, cause);
    }

    /// Whether the file (or an override) sets this name.
    public boolean isSet(String name) {
        return settings.containsKey(name);
    }

    /// The names that the file sets, in its order.
    public Set<String> names() {
        return settings.keySet();
    }

    /// Where a name was set, as `main.cf:12`; `default` when it was not.
    public String origin(String name) {
        Setting setting = settings.get(name);
        return setting == null ? "default" : setting.origin();
    }

    /// The unexpanded text of a name: as it was set, else its default; null for a name nobody knows.
    public @Nullable String text(String name) {
        Setting setting = settings.get(name);
        return setting == null ? Defaults.text(this, name) : setting.text();
    }

    private static boolean isHostname(String text) {
        return HOSTNAME.matcher(text).matches() && !text.chars().allMatch(c -> Character.isDigit(c) || c == '.');
    }

    private static boolean isLevel(String text) {
        return CompatibilityLevel.parse(text).major() >= 0;
    }

    private String text(String name, String declared) {
        Setting setting = settings.get(name);
        if (setting != null) {
            return setting.text();
        }
        String machine = Defaults.machine(this, name);
        return machine == null ? declared : machine;
    }

    /// The text with all `$name` forms replaced.
    ///
    /// @throws ConfigException when the text breaks the grammar of postconf(5), or a parameter refers to
    ///     itself
    public String expand(String text) {
        try {
            return expression().expand(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage() == null ? text : e.getMessage(), e);
        }
    }

    private Expression expression() {
        return new Expression(this::text);
    }

    /// What is odd in the file but no error, each beginning with `main.cf:line: `.
    public List<String> warnings() {
        return warnings;
    }

    /// The directory this configuration was read from (`-c`).
    public Path directory() {
        return directory;
    }

    /// The file that a path in the configuration means: what begins with `/etc/postfix/` lies in
    /// [#directory()], a relative path too.
    public Path file(String text) {
        if (text.equals(POSTFIX_DIRECTORY)) {
            return directory;
        }
        return text.startsWith(POSTFIX_DIRECTORY + "/")
                ? directory.resolve(text.substring(POSTFIX_DIRECTORY.length() + 1))
                : directory.resolve(text);
    }

    /// The members of a match list (`mynetworks`, `relay_domains` …), those of `/path/file` members in place
    /// of them. A member may begin with `!`; before a file it turns each of the file's members.
    ///
    /// @throws ConfigException when a file cannot be read
    public List<String> members(Parameter<List<String>> parameter) {
        try {
            return new FileMembers(this).expand(get(parameter));
        } catch (IllegalArgumentException e) {
            throw error(parameter.name(), e.getMessage(), e);
        }
    }

    /// The address blocks of a list such as `mynetworks`, file members included.
    ///
    /// @throws ConfigException when a member is no address block or has host bits set
    public NetworkList networks(Parameter<List<String>> parameter) {
        try {
            return NetworkList.of(members(parameter));
        } catch (IllegalArgumentException e) {
            throw error(parameter.name(), e.getMessage(), e);
        }
    }

    /// This configuration with some settings replaced: `-o name=value` of master.cf.
    public MainCf with(Map<String, String> overrides, String origin) {
        Map<String, Setting> all = new LinkedHashMap<>(settings);
        overrides.forEach((name, text) -> all.put(name, new Setting(text, origin)));
        return new MainCf(directory, all, warnings);
    }
}
