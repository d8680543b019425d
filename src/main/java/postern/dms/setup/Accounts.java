package postern.dms.setup;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `setup email` and `setup dovecot-master` have in common: names with password hashes in a file.
final class Accounts {
    private Accounts() {}

    /// @throws Refusal when there is no such account
    static void needs(KeyedLines accounts, String name) {
        if (!accounts.has(name)) {
            throw Refusal.of("'" + name + "' does not exist");
        }
    }

    /// Adds a name that is not there yet, with a password that is asked for when it is not given.
    static void add(ConfigFile file, String name, List<String> password, Site site) throws IOException {
        mayAdd(site.volume().read(file), file, name, site);
        String hash = hash(password, site);
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            KeyedLines aliases = site.volume().read(ConfigFile.VIRTUAL);
            lock.edit(file, accounts -> {
                mayAdd(accounts, file, name, aliases);
                accounts.add(name, hash);
            });
        }
    }

    private static void mayAdd(KeyedLines accounts, ConfigFile file, String name, Site site) throws IOException {
        mayAdd(accounts, file, name, site.volume().read(ConfigFile.VIRTUAL));
    }

    private static void mayAdd(KeyedLines accounts, ConfigFile file, String name, KeyedLines aliases) {
        if (accounts.has(name)) {
            throw Refusal.of("'" + name + "' already exists");
        }
        if (file == ConfigFile.ACCOUNTS && aliases.has(name)) {
            throw Refusal.of("'" + name + "' is already defined as an alias");
        }
    }

    /// Gives a name that is there another password; what stands behind the hash stays.
    static void update(ConfigFile file, String name, List<String> password, Site site) throws IOException {
        needs(site.volume().read(file), name);
        String hash = hash(password, site);
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            lock.edit(file, accounts -> {
                KeyedLines.@Nullable Entry entry = accounts.first(name);
                if (entry == null) {
                    throw Refusal.of("'" + name + "' does not exist");
                }
                int bar = entry.value().indexOf('|');
                accounts.change(entry, bar < 0 ? hash : hash + entry.value().substring(bar));
            });
        }
    }

    private static String hash(List<String> password, Site site) throws IOException {
        return Passwords.hash(Passwords.ask(String.join(" ", password), site.questions()));
    }

    /// @throws Refusal as DMS says it when there is nothing to list
    static KeyedLines listed(ConfigFile file, ConfigVolume volume) throws IOException {
        if (!volume.has(file.path())) {
            throw Refusal.of("'" + volume.path(file.path()) + "' does not exist");
        }
        KeyedLines lines = volume.read(file);
        if (lines.entries().isEmpty()) {
            throw Refusal.of("'" + volume.path(file.path()) + "' is empty, nothing to list");
        }
        return lines;
    }
}
