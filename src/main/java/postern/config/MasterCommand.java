package postern.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What follows the columns of a master.cf line: a program and its arguments.
///
/// @param program `smtpd`, `postscreen`, `smtp`, `lmtp` …
/// @param arguments the words behind it
/// @param options the `-o name=value` and `-o { name = value }` among them
public record MasterCommand(String program, List<String> arguments, Map<String, String> options) {
    /// Programs whose arguments are their own language, not options.
    private static final Set<String> OTHERS = Set.of("pipe", "spawn", "local", "virtual");

    /// Takes the words apart; there is at least one.
    ///
    /// @throws ConfigException when an option has no name or `=`, or something else stands between them
    static MasterCommand parse(List<String> words, String origin) {
        String program = words.getFirst();
        List<String> arguments = List.copyOf(words.subList(1, words.size()));
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith("-o")) {
                boolean apart = argument.length() == 2;
                if (apart && i + 1 == arguments.size()) {
                    throw new ConfigException(origin + ": -o has no name=value behind it");
                }
                NameValue option = option(apart ? arguments.get(++i) : argument.substring(2), origin);
                options.remove(option.name());
                options.put(option.name(), option.value());
            } else if (!argument.startsWith("-") && !OTHERS.contains(program)) {
                throw new ConfigException(origin + ": unexpected argument \"" + argument
                        + "\": a value with spaces is written -o { name = value }");
            }
        }
        return new MasterCommand(program, arguments, Collections.unmodifiableMap(options));
    }

    private static NameValue option(String text, String origin) {
        boolean braced = text.startsWith("{") && text.endsWith("}");
        if (!braced && text.indexOf('=') < 0) {
            throw new ConfigException(
                    origin + ": -o " + text + ": an option is -o name=value without spaces, or -o { name = value }");
        }
        return NameValue.parse(braced ? text.substring(1, text.length() - 1) : text, origin + ": -o");
    }
}
