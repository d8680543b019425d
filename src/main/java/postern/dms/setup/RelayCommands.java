package postern.dms.setup;

import java.io.IOException;
import java.util.List;

/// `setup relay`: through whom the mail of a domain leaves, and with which login.
final class RelayCommands {
    private static final int MOST_PORT = 65_535;

    private RelayCommands() {}

    static void addDomain(List<String> arguments, Site site) throws IOException {
        String key = key(arguments.getFirst());
        String host = Texts.word(argument(arguments, 1, "No relay host specified"), "a relay host");
        String port = arguments.size() > 2 && !arguments.get(2).isEmpty() ? arguments.get(2) : "25";
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) == 0 || Integer.parseInt(port) > MOST_PORT) {
            throw Refusal.withUsage("'" + port + "' is no port");
        }
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty() || bare.indexOf('[') >= 0 || bare.indexOf(']') >= 0) {
            throw Refusal.withUsage("'" + host + "' cannot be a relay host; the port is an argument of its own");
        }
        put(ConfigFile.RELAYS, key, "[" + bare + "]:" + port, site);
    }

    static void addAuth(List<String> arguments, Site site) throws IOException {
        String key = key(arguments.getFirst());
        String user = Texts.word(argument(arguments, 1, "No username specified"), "a username");
        if (user.indexOf(':') >= 0) {
            throw Refusal.of("'" + user + "' cannot be a username: the password begins at the first colon");
        }
        String password = Passwords.ask(String.join(" ", arguments.subList(2, arguments.size())), site.questions());
        if (!password.equals(password.strip())) {
            throw Refusal.of("The password cannot begin or end with white space: Postfix takes it off");
        }
        put(ConfigFile.RELAY_PASSWORDS, key, user + ":" + password, site);
    }

    static void excludeDomain(List<String> arguments, Site site) throws IOException {
        put(ConfigFile.RELAYS, key(arguments.getFirst()), "", site);
    }

    private static void put(ConfigFile file, String key, String value, Site site) throws IOException {
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            lock.edit(file, lines -> lines.put(key, value));
        }
    }

    /// `@example.com`
    private static String key(String given) {
        String domain = given.startsWith("@") ? given.substring(1) : given;
        if (domain.isEmpty()) {
            throw Refusal.withUsage("No domain specified");
        }
        return "@" + Texts.word(domain, "a domain");
    }

    private static String argument(List<String> arguments, int index, String missing) {
        if (arguments.size() <= index || arguments.get(index).isEmpty()) {
            throw Refusal.withUsage(missing);
        }
        return arguments.get(index);
    }
}
