package postern.dms.setup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// `setup email`: the accounts.
final class EmailCommands {
    private EmailCommands() {}

    static void add(List<String> arguments, Site site) throws IOException {
        String account = Texts.account(arguments.getFirst(), site.report());
        Accounts.add(ConfigFile.ACCOUNTS, account, arguments.subList(1, arguments.size()), site);
    }

    static void update(List<String> arguments, Site site) throws IOException {
        String account = Texts.account(arguments.getFirst(), site.report());
        Accounts.update(ConfigFile.ACCOUNTS, account, arguments.subList(1, arguments.size()), site);
    }

    /// What becomes of the mail of an account that goes.
    private enum Mail {
        UNDECIDED,
        REMOVE,
        KEEP
    }

    static void delete(List<String> arguments, Site site) throws IOException {
        List<String> given = new ArrayList<>(arguments);
        Mail mail = Mail.UNDECIDED;
        while (!given.isEmpty() && given.getFirst().startsWith("-")) {
            String option = given.removeFirst();
            mail = switch (option) {
                case "-y", "-Y" -> Mail.REMOVE;
                case "-n", "-N" -> Mail.KEEP;
                default -> throw Refusal.withUsage("The option '" + option + "' is unknown");
            };
        }
        if (given.isEmpty()) {
            throw Refusal.withUsage("No account specified");
        }
        if (site.volume().read(ConfigFile.ACCOUNTS).entries().isEmpty()) {
            return;
        }
        List<String> accounts = new ArrayList<>();
        for (String account : given) {
            accounts.add(Texts.account(account, site.report()));
            Accounts.needs(site.volume().read(ConfigFile.ACCOUNTS), accounts.getLast());
        }
        boolean removes = removes(mail, site);
        for (String account : accounts) {
            remove(account, site.volume());
            if (removes && !site.rooms().removal().remove(account)) {
                site.report().info("'" + account + "' had no mail here");
            }
        }
    }

    private static boolean removes(Mail mail, Site site) throws IOException {
        if (mail == Mail.KEEP) {
            site.report().info("Mailbox data explicitly kept (using -n).");
            return false;
        }
        if (mail == Mail.REMOVE) {
            return true;
        }
        @Nullable
        String answer =
                site.questions().line("Do you want to delete the mailbox data as well (removing all mails)? [y/N] ");
        if (answer != null && answer.strip().matches("(?i)y|yes")) {
            return true;
        }
        site.report().info("The mailbox data will not be deleted.");
        return false;
    }

    private static void remove(String account, ConfigVolume volume) throws IOException {
        try (ConfigVolume.Lock lock = volume.lock()) {
            lock.edit(ConfigFile.VIRTUAL, aliases -> AliasCommands.removeRecipient(aliases, null, account));
            lock.edit(ConfigFile.QUOTAS, quotas -> quotas.remove(account));
            lock.edit(ConfigFile.APPS, apps -> apps.remove(account));
            lock.edit(ConfigFile.CERTIFICATES, certificates -> certificates.remove(account));
            lock.edit(ConfigFile.ACCOUNTS, accounts -> accounts.remove(account));
        }
    }

    static void list(List<String> arguments, Site site) throws IOException {
        if (!site.environment().get("ACCOUNT_PROVISIONER").equals("FILE")) {
            throw Refusal.of("Accounts are listed with ACCOUNT_PROVISIONER=FILE only: those of a directory it lists"
                    + " itself (ldapsearch)");
        }
        Map<String, List<String>> aliases = aliases(site.volume().read(ConfigFile.VIRTUAL));
        KeyedLines quotas = site.volume().read(ConfigFile.QUOTAS);
        for (KeyedLines.Entry account :
                Accounts.listed(ConfigFile.ACCOUNTS, site.volume()).entries()) {
            StringBuilder text = new StringBuilder("* ").append(account.key());
            if (site.environment().isOn("ENABLE_QUOTAS")) {
                text.append(' ').append(usage(account.key(), quotas, site));
            }
            List<String> own = aliases.getOrDefault(account.key().toLowerCase(Locale.ROOT), List.of());
            if (!own.isEmpty()) {
                text.append("\n    [ aliases -> ")
                        .append(String.join(", ", own))
                        .append(" ]");
            }
            if (showsScram(site) && !hasScramKeys(account, site)) {
                text.append("\n    [ no SCRAM keys ]");
            }
            site.report().line(text.append('\n').toString());
        }
    }

    /// The keys of aliases by recipient, in lower case.
    private static Map<String, List<String>> aliases(KeyedLines virtual) {
        Map<String, List<String>> aliases = new HashMap<>();
        for (KeyedLines.Entry entry : virtual.entries()) {
            for (String target : Targets.of(entry.value())) {
                aliases.computeIfAbsent(target.toLowerCase(Locale.ROOT), none -> new ArrayList<>())
                        .add(entry.key());
            }
        }
        return aliases;
    }

    /// `( 12K / 5.0G ) [0%]`
    private static String usage(String account, KeyedLines quotas, Site site) throws IOException {
        KeyedLines.@Nullable Entry own = quotas.first(account);
        String standard = site.environment().get("POSTFIX_MAILBOX_SIZE_LIMIT");
        OptionalLong limit = own != null
                ? QuotaCommands.bytes(own.value())
                : QuotaCommands.bytes(standard.equals("0") ? "0" : standard + "B");
        OptionalLong used = site.rooms().usage().bytes(account.toLowerCase(Locale.ROOT));
        String most = limit.orElse(0) == 0 ? "~" : Sizes.of(limit.getAsLong());
        if (used.isEmpty()) {
            return "( ? / " + most + " ) [?]";
        }
        long bytes = used.getAsLong();
        return "( " + Sizes.of(bytes) + " / " + most + " ) [" + Sizes.percent(bytes, limit.orElse(0)) + "%]";
    }

    private static boolean showsScram(Site site) {
        return site.environment().isOn("POSTERN_SCRAM") || site.environment().isOn("POSTERN_SCRAM_LEARN");
    }

    /// Keys can be had from the keys themselves, from a password that is kept as it is, and from a login.
    private static boolean hasScramKeys(KeyedLines.Entry account, Site site) {
        int bar = account.value().indexOf('|');
        String value = (bar < 0 ? account.value() : account.value().substring(0, bar)).strip();
        String stored = value.startsWith("{") ? value : "{SHA512-CRYPT}" + value;
        return stored.toUpperCase(Locale.ROOT).matches("\\{(SCRAM-SHA-256|PLAIN|CLEARTEXT)\\}.*")
                || site.rooms().keys().has(account.key().toLowerCase(Locale.ROOT), stored);
    }
}
