package postern.dms.setup;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `setup email restrict`: who may not send, and who may not receive.
final class RestrictCommands {
    private static final String REJECT = "REJECT";

    private RestrictCommands() {}

    static void run(List<String> arguments, Site site) throws IOException {
        String mode = arguments.getFirst();
        if (mode.isEmpty()) {
            throw Refusal.withUsage("Missing parameters: <add|del|list> <send|receive> [<email@domain.com>]");
        }
        String direction = arguments.size() > 1 ? arguments.get(1) : "";
        ConfigFile file = switch (direction) {
            case "send" -> ConfigFile.SEND_ACCESS;
            case "receive" -> ConfigFile.RECEIVE_ACCESS;
            default -> throw Refusal.withUsage("Missing parameters: specify 'send' or 'receive'");
        };
        switch (mode) {
            case "add" -> add(file, direction, user(arguments, site), site);
            case "del" -> delete(file, user(arguments, site), site);
            case "list" -> list(file, direction, site);
            default -> throw Refusal.withUsage("Missing mode: specify 'add', 'del' or 'list'");
        }
    }

    private static String user(List<String> arguments, Site site) throws IOException {
        @Nullable String user = arguments.size() > 2 ? arguments.get(2) : "";
        if (user.isEmpty()) {
            user = site.questions().line("User(user@domain.com): ");
        }
        if (user == null || user.isEmpty()) {
            throw Refusal.of("User must not be empty");
        }
        return Texts.word(user, "a user");
    }

    private static void add(ConfigFile file, String direction, String user, Site site) throws IOException {
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            lock.edit(file, lines -> {
                if (lines.has(user)) {
                    throw Refusal.of("User '" + user + "' already denied to " + direction + " mails");
                }
                lines.add(user, "\t\t " + REJECT);
            });
        }
    }

    private static void delete(ConfigFile file, String user, Site site) throws IOException {
        if (!site.volume().has(file.path())) {
            throw Refusal.of("User '" + user + "' not found.");
        }
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            lock.edit(file, lines -> lines.remove(user));
        }
    }

    private static void list(ConfigFile file, String direction, Site site) throws IOException {
        KeyedLines lines = site.volume().read(file);
        List<KeyedLines.Entry> denied = lines.entries().stream()
                .filter(entry -> entry.value().contains(REJECT))
                .toList();
        denied.forEach(entry -> site.report().line(lines.text(entry)));
        if (denied.isEmpty()) {
            site.report().info("Everyone is allowed to " + direction + " mails");
        }
    }
}
