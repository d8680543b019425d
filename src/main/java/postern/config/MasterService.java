package postern.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf.Setting;

/// One line of master.cf: `name type private unpriv chroot wakeup maxproc command + args` (master(5)). The
/// columns about processes have no meaning here and are only checked.
///
/// @param name for [Type#INET] where to listen (`smtp`, `127.0.0.1:10025`, `[::1]:submission`), else the
///     service or transport
/// @param maxproc at most so many at a time; 0 is no limit, -1 is `default_process_limit`
/// @param command the program that serves it
/// @param origin where the line is: `master.cf:12`
/// @param set options given from outside of the line, which go before its own: `postconf -P`
public record MasterService(
        String name, Type type, int maxproc, MasterCommand command, String origin, Map<String, Setting> set) {
    public MasterService {
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
    }

    /// The second column.
    public enum Type {
        INET,
        UNIX,
        FIFO,
        PASS,
        UNIX_DGRAM;

        /// The type of that name, or null.
        public static @Nullable Type of(String word) {
            for (Type type : values()) {
                if (type.toString().equals(word)) {
                    return type;
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// Takes a logical line apart.
    ///
    /// @throws ConfigException when a column is missing or has a value it cannot have, or an option no `=`
    static MasterService parse(String line, String origin) {
        List<String> words = words(line, origin);
        if (words.size() < 8) {
            throw new ConfigException(
                    origin + ": bad field count: a service has eight fields or more: name type private"
                            + " unpriv chroot wakeup maxproc command");
        }
        Type type = Type.of(words.get(1));
        if (type == null) {
            throw invalid(origin, "type", words.get(1), "inet, unix, unix-dgram, fifo or pass");
        }
        checkYesNo(origin, "private", words.get(2));
        checkYesNo(origin, "unprivileged", words.get(3));
        checkYesNo(origin, "chroot", words.get(4));
        String wakeup = words.get(5);
        if (!wakeup.equals("-")
                && !Values.isDigits(wakeup.endsWith("?") ? wakeup.substring(0, wakeup.length() - 1) : wakeup)) {
            throw invalid(origin, "wakeup", wakeup, "a number of seconds");
        }
        return new MasterService(
                words.get(0),
                type,
                maxproc(origin, words.get(6)),
                MasterCommand.parse(words.subList(7, words.size()), origin),
                origin,
                Map.of());
    }

    private static int maxproc(String origin, String word) {
        if (word.equals("-")) {
            return -1;
        }
        if (!Values.isDigits(word) || word.length() > 9) {
            throw invalid(origin, "process_limit", word, "a number, 0 for no limit");
        }
        return Integer.parseInt(word);
    }

    private static void checkYesNo(String origin, String field, String word) {
        if (!word.equals("-") && !word.equals("y") && !word.equals("n")) {
            throw invalid(origin, field, word, "y, n or -");
        }
    }

    private static ConfigException invalid(String origin, String field, String word, String right) {
        return new ConfigException(origin + ": invalid " + field + " field \"" + word + "\": it is " + right);
    }

    /// The words of a line; `{ … }` is one, its braces kept.
    private static List<String> words(String line, String origin) {
        try {
            return Values.words(line, false);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(origin + ": " + e.getMessage(), e);
        }
    }

    /// The program: `smtpd`, `postscreen`, `smtp`, `lmtp` …
    public String program() {
        return command.program();
    }

    /// Its `-o name=value`.
    public Map<String, String> options() {
        if (set.isEmpty()) {
            return command.options();
        }
        Map<String, String> options = new LinkedHashMap<>(command.options());
        set.forEach((option, setting) -> options.put(option, setting.text()));
        return Collections.unmodifiableMap(options);
    }

    /// The configuration with the options of this line; each says where it was given.
    MainCf over(MainCf main) {
        MainCf seen = main.with(command.options(), origin);
        for (Map.Entry<String, Setting> option : set.entrySet()) {
            Setting setting = option.getValue();
            seen = seen.with(Map.of(option.getKey(), setting.text()), setting.origin());
        }
        return seen;
    }

    /// This line with one more option.
    MasterService with(String option, Setting setting) {
        Map<String, Setting> more = new LinkedHashMap<>(set);
        more.put(option, setting);
        return new MasterService(name, type, maxproc, command, origin, more);
    }

    /// The host before the port of an inet service, without brackets; empty when the line names a port only.
    public String host() {
        int colon = name.lastIndexOf(':');
        String host = colon < 0 ? "" : name.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /// The port of an inet service.
    ///
    /// @throws ConfigException when nobody knows its name
    public int port(MainCf main) {
        try {
            return PortNames.of(main).port(name.substring(name.lastIndexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(origin + ": " + e.getMessage(), e);
        }
    }

    /// How many of it may run at a time.
    public int processLimit(MainCf main) {
        int limit = maxproc < 0 ? main.get(MasterCf.DEFAULT_PROCESS_LIMIT) : maxproc;
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    MasterService withMaxproc(int other) {
        return new MasterService(name, type, other, command, origin, set);
    }

    /// The name of the line in messages: `smtp inet (smtpd)`.
    @Override
    public String toString() {
        return name + " " + type + " (" + program() + ")";
    }
}
