package postern.dms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who has mail here and what else leads to them: `postfix-accounts.cf`, `dovecot-quotas.cf` and the keys of
/// `postfix-virtual.cf`.
///
/// @param all by address, in the order of the file
/// @param domains those of accounts and of aliases: mail for them is ours
public record Accounts(Map<String, Account> all, SortedSet<String> domains, List<String> warnings) {
    /// @param address in lower case
    /// @param password `{SCHEME}hash`
    /// @param quota bytes; 0 for no limit of its own
    public record Account(String address, String password, long quota, String origin) {}

    static final String FILE = "postfix-accounts.cf";
    static final String QUOTAS = "dovecot-quotas.cf";
    static final String VIRTUAL = "postfix-virtual.cf";

    /// @throws postern.config.ConfigException naming file and line
    static Accounts of(Volume volume) {
        List<String> warnings = new ArrayList<>();
        Map<String, Long> quotas = quotas(volume);
        Map<String, Account> all = new LinkedHashMap<>();
        for (Volume.Line line : volume.lines(FILE)) {
            Account account = account(line, quotas);
            Account earlier = all.putIfAbsent(account.address(), account);
            if (earlier != null) {
                warnings.add(line.origin() + ": " + account.address() + " is there already (" + earlier.origin()
                        + "): this line has no effect");
            }
        }
        quotas.keySet().stream()
                .filter(address -> !all.containsKey(address))
                .forEach(address -> warnings.add(QUOTAS + ": " + address + " is no account"));
        return new Accounts(all, domains(volume, all), warnings);
    }

    private static Account account(Volume.Line line, Map<String, Long> quotas) {
        String[] parts = line.text().split("\\|", 3);
        String address = parts[0].strip().toLowerCase(Locale.ROOT);
        if (parts.length < 2 || parts[1].isBlank()) {
            throw line.error("user@domain|{SCHEME}hash is needed, not \"" + parts[0] + "\"");
        }
        int at = address.lastIndexOf('@');
        if (at <= 0 || at == address.length() - 1) {
            throw line.error("\"" + parts[0] + "\" should include the domain (eg: user@example.com)");
        }
        String password = parts[1].strip();
        String scheme = password.startsWith("{") ? "" : "{SHA512-CRYPT}";
        return new Account(address, scheme + password, quotas.getOrDefault(address, 0L), line.origin());
    }

    private static Map<String, Long> quotas(Volume volume) {
        Map<String, Long> quotas = new LinkedHashMap<>();
        for (Volume.Line line : volume.lines(QUOTAS)) {
            int colon = line.text().lastIndexOf(':');
            @Nullable Long bytes = colon < 0 ? null : bytes(line.text().substring(colon + 1));
            if (bytes == null) {
                throw line.error("user@domain:LIMIT is needed, LIMIT a number with B, k, M, G or T, or 0; not \""
                        + line.text() + "\"");
            }
            quotas.put(line.text().substring(0, colon).strip().toLowerCase(Locale.ROOT), bytes);
        }
        return quotas;
    }

    /// `5G` in bytes; null for no limit of that grammar.
    static @Nullable Long bytes(String limit) {
        if (limit.equals("0")) {
            return 0L;
        }
        if (!limit.matches("[0-9]{1,12}[BkMGT]")) {
            return null;
        }
        int unit = "BkMGT".indexOf(limit.charAt(limit.length() - 1));
        return Math.multiplyExact(Long.parseLong(limit.substring(0, limit.length() - 1)), 1L << 10 * unit);
    }

    private static SortedSet<String> domains(Volume volume, Map<String, Account> all) {
        SortedSet<String> domains = new TreeSet<>();
        all.keySet().forEach(address -> domains.add(domain(address)));
        for (Volume.Line line : volume.lines(VIRTUAL)) {
            String key = line.text().split("\\s", 2)[0].toLowerCase(Locale.ROOT);
            if (key.indexOf('@') >= 0 && !domain(key).isEmpty()) {
                domains.add(domain(key));
            }
        }
        return domains;
    }

    private static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
