package postern.config;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names that a configuration uses: those that a setting, an option of master.cf or a default refers to,
/// and the restriction classes. A name that Postfix does not know may be set when something uses it.
final class UsedNames {
    private static final Pattern REFERENCE = Pattern.compile("\\$[({]?\\s*([A-Za-z0-9_]+)");
    private static final Set<String> OF_DEFAULTS = ofDefaults();

    private final Set<String> names = new HashSet<>(OF_DEFAULTS);

    UsedNames(MainCf main, MasterCf master) {
        for (String name : main.names()) {
            String text = main.text(name);
            add(text == null ? "" : text, names);
        }
        for (MasterService service : master.services()) {
            service.options().values().forEach(text -> add(text, names));
        }
        names.addAll(classes(main));
    }

    boolean contains(String name) {
        return names.contains(name);
    }

    private static Set<String> classes(MainCf main) {
        try {
            return Set.copyOf(Values.list(main.expand("$smtpd_restriction_classes")));
        } catch (ConfigException | IllegalArgumentException e) {
            return Set.of(); // who reads the parameter says what is wrong with it
        }
    }

    private static Set<String> ofDefaults() {
        Set<String> names = new HashSet<>();
        Parameters.rows().values().forEach(row -> add(row.defaultText(), names));
        return Set.copyOf(names);
    }

    private static void add(String text, Set<String> names) {
        for (Matcher reference = REFERENCE.matcher(text); reference.find(); ) {
            names.add(reference.group(1));
        }
    }
}
