package postern.config;

import org.jspecify.annotations.Nullable;

/// Defaults of parameters that are not set: from `parameters.tsv`, and those that the machine decides.
final class Defaults {
    private static final String LOCAL_DOMAIN = "localdomain";

    private Defaults() {}

    /// The default text of a name, or null when it is unknown.
    static @Nullable String text(MainCf main, String name) {
        String machine = machine(main, name);
        if (machine != null) {
            return machine;
        }
        ParameterRow row = Parameters.row(name);
        return row == null ? null : row.defaultText();
    }

    /// The default that the machine or the directory decides; null for all other names.
    static @Nullable String machine(MainCf main, String name) {
        return switch (name) {
            case "config_directory" ->
                main.directory().toAbsolutePath().normalize().toString();
            case "myhostname" -> hostname(main);
            case "mydomain" -> domain(main);
            case "mynetworks" -> networks(main);
            case "process_id" -> Long.toString(ProcessHandle.current().pid());
            case "process_name" -> "postern";
            default -> null;
        };
    }

    /// The machine's name, with `$mydomain` behind it when it has no domain of its own.
    private static String hostname(MainCf main) {
        String name = Machine.hostname();
        if (name.indexOf('.') >= 0) {
            return name;
        }
        return name + "." + (main.isSet("mydomain") ? "$mydomain" : LOCAL_DOMAIN);
    }

    /// `$myhostname` without its first label.
    private static String domain(MainCf main) {
        String host = expandWithout(main, "mydomain", LOCAL_DOMAIN, "$myhostname");
        int dot = host.indexOf('.');
        return dot < 0 ? LOCAL_DOMAIN : host.substring(dot + 1);
    }

    private static String networks(MainCf main) {
        return Machine.networks(
                expandWithout(main, "mynetworks", "", "$mynetworks_style"),
                Values.list(expandWithout(main, "mynetworks", "", "$inet_interfaces")),
                Values.list(expandWithout(main, "mynetworks", "", "$inet_protocols")));
    }

    /// Expands a text that one default is made of; that default itself, should the text lead to it, is
    /// `instead`.
    private static String expandWithout(MainCf main, String name, String instead, String text) {
        return new Expression(other -> other.equals(name) ? instead : main.text(other)).expand(text);
    }
}
