package postern.dms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import postern.sasl.StoredPasswords;

/// Who has mail here and who may log in: `postfix-accounts.cf`, `dovecot-quotas.cf`, `dovecot-masters.cf` and
/// the keys of `postfix-virtual.cf`.
///
/// @param all by address, in the order of the file
/// @param logins the account of each login: accounts, and with ENABLE_QUOTAS=1 the aliases that lead to one
/// @param masters `{SCHEME}hash` by name: `user@domain*name` logs in as that user
/// @param domains those of accounts and of aliases: mail for them is ours
public record Accounts(
        Map<String, Account> all,
        Map<String, Account> logins,
        Map<String, String> masters,
        SortedSet<String> domains,
        List<String> warnings) {
    /// @param address in lower case
    /// @param password `{SCHEME}hash`
    /// @param quota bytes; 0 for no limit
    /// @param mayLogIn whether nothing behind the password keeps its logins out
    public record Account(String address, String password, long quota, String origin, boolean mayLogIn) {}

    /// Nobody: accounts are elsewhere.
    static final Accounts NONE = new Accounts(Map.of(), Map.of(), Map.of(), new TreeSet<>(), List.of());

    static final String FILE = "postfix-accounts.cf";
    static final String QUOTAS = "dovecot-quotas.cf";
    static final String MASTERS = "dovecot-masters.cf";
    private static final String DEFAULT_SCHEME = "{SHA512-CRYPT}";

    /// @throws postern.config.ConfigException naming file and line
    static Accounts of(Volume volume, Environment environment, VirtualFile virtual) {
        List<String> warnings = new ArrayList<>();
        boolean quotasCount = environment.isOn("ENABLE_QUOTAS");
        Map<String, Long> quotas = quotasCount ? quotas(volume, warnings) : Map.of();
        long standard = quotasCount ? environment.number("POSTFIX_MAILBOX_SIZE_LIMIT") : 0;
        Map<String, Account> all = new LinkedHashMap<>();
        if (!environment.isOn("SMTP_ONLY")) {
            for (Volume.Line line : volume.lines(FILE)) {
                ExtraFields more = ExtraFields.of(line);
                long quota = quotasCount && more.quota() != null ? more.quota() : standard;
                Account account = account(line, quotas, quota, more.mayLogIn());
                Account earlier = all.putIfAbsent(account.address(), account);
                if (earlier != null) {
                    warnings.add(line.origin() + ": " + account.address() + " is there already (" + earlier.origin()
                            + "): this line has no effect");
                } else {
                    warnings.addAll(more.warnings());
                }
            }
            quotas.keySet().stream()
                    .filter(address -> !all.containsKey(address))
                    .forEach(address -> warnings.add(QUOTAS + ": " + address + " is no account"));
        }
        SortedSet<String> domains = new TreeSet<>(virtual.domains());
        all.keySet().forEach(address -> domains.add(VirtualFile.domain(address)));
        return new Accounts(all, logins(all, quotasCount, virtual), masters(volume, warnings), domains, warnings);
    }

    private static Map<String, Account> logins(Map<String, Account> all, boolean aliasesToo, VirtualFile virtual) {
        Map<String, Account> logins = new LinkedHashMap<>(all);
        if (aliasesToo) {
            virtual.entries().forEach(entry -> entry.account(all).ifPresent(it -> logins.putIfAbsent(entry.key(), it)));
        }
        logins.values().removeIf(account -> !account.mayLogIn());
        return logins;
    }

    /// The addresses that have a line in `postfix-accounts.cf`, whatever else it says.
    public static SortedSet<String> addresses(Volume volume) {
        SortedSet<String> addresses = new TreeSet<>();
        volume.lines(FILE)
                .forEach(line ->
                        addresses.add(line.text().split("\\|", 2)[0].strip().toLowerCase(Locale.ROOT)));
        return addresses;
    }

    private static Account account(Volume.Line line, Map<String, Long> quotas, long standard, boolean mayLogIn) {
        String[] parts = line.text().split("\\|", 3);
        String address = parts[0].strip().toLowerCase(Locale.ROOT);
        int at = address.lastIndexOf('@');
        if (at <= 0 || at == address.length() - 1 || address.chars().anyMatch(c -> c <= ' ' || c == '/' || c == 127)) {
            throw line.error("\"" + parts[0] + "\" should include the domain (eg: user@example.com)");
        }
        if (parts.length < 2 || parts[1].isBlank()) {
            throw line.error("user@domain|{SCHEME}hash is needed, not \"" + parts[0] + "\"");
        }
        return new Account(
                address, password(line, parts[1]), quotas.getOrDefault(address, standard), line.origin(), mayLogIn);
    }

    /// With its scheme; one that cannot be used is an error of its line.
    private static String password(Volume.Line line, String text) {
        String stripped = text.strip();
        String password = stripped.startsWith("{") ? stripped : DEFAULT_SCHEME + stripped;
        try {
            StoredPasswords.check(password);
        } catch (IllegalArgumentException e) {
            throw line.error(String.valueOf(e.getMessage()));
        }
        return password;
    }

    private static Map<String, String> masters(Volume volume, List<String> warnings) {
        Map<String, String> masters = new LinkedHashMap<>();
        for (Volume.Line line : volume.lines(MASTERS)) {
            String[] parts = line.text().split("\\|", 2);
            if (parts.length < 2 || !parts[0].strip().matches("[^\\s@*|]+")) {
                throw line.error("name|{SCHEME}hash is needed, the name without @ and *");
            }
            String name = parts[0].strip().toLowerCase(Locale.ROOT);
            if (masters.putIfAbsent(name, password(line, parts[1])) != null) {
                warnings.add(line.origin() + ": " + name + " is there already: this line has no effect");
            }
        }
        return masters;
    }

    private static Map<String, Long> quotas(Volume volume, List<String> warnings) {
        Map<String, Long> quotas = new LinkedHashMap<>();
        for (Volume.Line line : volume.lines(QUOTAS)) {
            int colon = line.text().lastIndexOf(':');
            @Nullable
            Long bytes =
                    colon < 0 ? null : bytes(line.text().substring(colon + 1).strip());
            if (bytes == null) {
                throw line.error("user@domain:LIMIT is needed, LIMIT a number with B, k, M, G or T, or 0; not \""
                        + line.text() + "\"");
            }
            String address = line.text().substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (quotas.putIfAbsent(address, bytes) != null) {
                warnings.add(line.origin() + ": " + address + " is there already: this line has no effect");
            }
        }
        return quotas;
    }

    /// `5G` in bytes; null for no limit of that grammar, and for one beyond all disks.
    static @Nullable Long bytes(String limit) {
        if (limit.equals("0")) {
            return 0L;
        }
        if (!limit.matches("[0-9]{1,12}[BkMGT]")) {
            return null;
        }
        int unit = "BkMGT".indexOf(limit.charAt(limit.length() - 1));
        long number = Long.parseLong(limit.substring(0, limit.length() - 1));
        return number > Long.MAX_VALUE >> 10 * unit ? null : number << 10 * unit;
    }
}
