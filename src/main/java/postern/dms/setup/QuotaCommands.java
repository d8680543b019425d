package postern.dms.setup;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// `setup quota`: how much mail an account may have.
final class QuotaCommands {
    private static final String UNITS = "BkMGT";

    private QuotaCommands() {}

    static void set(List<String> arguments, Site site) throws IOException {
        String account = existing(arguments, site);
        String quota = String.join(" ", arguments.subList(1, arguments.size()));
        if (quota.isEmpty()) {
            @Nullable String answer = site.questions().line("Enter quota (e.g. 10M): ");
            quota = answer == null ? "" : answer;
        }
        if (quota.isEmpty()) {
            throw Refusal.of("Quota must not be empty (use 0 for unlimited quota)");
        }
        if (bytes(quota).isEmpty()) {
            throw Refusal.withUsage("Invalid quota format. e.g. 302M (B (byte), k (kilobyte), M (megabyte),"
                    + " G (gigabyte) or T (terabyte))");
        }
        String checked = quota;
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            lock.edit(ConfigFile.QUOTAS, quotas -> quotas.put(account, checked));
        }
    }

    static void delete(List<String> arguments, Site site) throws IOException {
        String account = existing(arguments, site);
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            lock.edit(ConfigFile.QUOTAS, quotas -> quotas.remove(account));
        }
    }

    private static String existing(List<String> arguments, Site site) throws IOException {
        String account = Texts.account(arguments.getFirst(), site.report());
        Accounts.needs(site.volume().read(ConfigFile.ACCOUNTS), account);
        return account;
    }

    /// `5G` in bytes, 0 for no limit; empty for what is no limit.
    static OptionalLong bytes(String limit) {
        if (limit.equals("0")) {
            return OptionalLong.of(0);
        }
        if (!limit.matches("[0-9]{1,12}[BkMGT]")) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(limit.substring(0, limit.length() - 1));
        long unit = 1L << 10 * UNITS.indexOf(limit.charAt(limit.length() - 1));
        return number > Long.MAX_VALUE / unit ? OptionalLong.empty() : OptionalLong.of(number * unit);
    }
}
