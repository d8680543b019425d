package postern.dms.setup;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `setup alias`: postfix-virtual.cf.
final class AliasCommands {
    /// As an alias to delete from: all of them.
    private static final String ALL = "_";

    private AliasCommands() {}

    static void add(List<String> arguments, Site site) throws IOException {
        String alias = alias(arguments.getFirst());
        List<String> recipients = recipients(arguments.get(1));
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            if (site.volume().read(ConfigFile.ACCOUNTS).has(alias)) {
                throw Refusal.of("'" + alias + "' is already defined to be an account");
            }
            lock.edit(ConfigFile.VIRTUAL, aliases -> add(aliases, alias, recipients));
        }
    }

    private static void add(KeyedLines aliases, String alias, List<String> recipients) {
        KeyedLines.@Nullable Entry entry = aliases.first(alias);
        if (entry == null) {
            aliases.add(alias, String.join(",", recipients));
            return;
        }
        List<String> added = recipients.stream()
                .filter(recipient -> !Targets.contains(entry.value(), recipient))
                .toList();
        if (added.isEmpty()) {
            throw Refusal.of(
                    "'" + alias + "' is already an alias for recipient: '" + String.join(",", recipients) + "'");
        }
        String more = String.join(",", added);
        aliases.change(entry, entry.value().isEmpty() ? more : entry.value() + "," + more);
    }

    static void delete(List<String> arguments, Site site) throws IOException {
        String alias = arguments.getFirst().equals(ALL) ? ALL : alias(arguments.getFirst());
        List<String> recipients = recipients(arguments.get(1));
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            lock.edit(ConfigFile.VIRTUAL, aliases -> {
                for (String recipient : recipients) {
                    removeRecipient(aliases, alias.equals(ALL) ? null : alias, recipient);
                }
            });
        }
    }

    /// Takes a recipient out of one alias, or out of all: an alias without recipients goes.
    static void removeRecipient(KeyedLines aliases, @Nullable String alias, String recipient) {
        for (KeyedLines.Entry entry : aliases.entries().reversed()) {
            boolean asked = alias == null || entry.key().equalsIgnoreCase(alias);
            if (!asked || !Targets.contains(entry.value(), recipient)) {
                continue;
            }
            String left = Targets.without(entry.value(), recipient);
            if (left.isEmpty()) {
                aliases.remove(entry);
            } else {
                aliases.change(entry, left);
            }
        }
    }

    static void list(List<String> arguments, Site site) throws IOException {
        KeyedLines aliases = Accounts.listed(ConfigFile.VIRTUAL, site.volume());
        for (KeyedLines.Entry entry : aliases.entries()) {
            site.report().line("* " + aliases.text(entry) + "\n");
        }
    }

    private static String alias(String given) {
        if (given.isEmpty()) {
            throw Refusal.withUsage("No alias specified");
        }
        return Texts.word(given, "an alias");
    }

    private static List<String> recipients(String given) {
        List<String> recipients = Targets.of(given);
        if (recipients.isEmpty()) {
            throw Refusal.withUsage("No recipient specified");
        }
        recipients.forEach(recipient -> Texts.word(recipient, "a recipient"));
        return recipients;
    }
}
