package postern.dms;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import postern.dms.Accounts.Account;
import postern.dms.VirtualFile.Entry;

/// In which order an address is looked up. DMS asks `@domain` before the accounts, so that a catch-all takes
/// their mail too, unless each has an alias to itself. Here an account goes before `@domain`; and what
/// `postfix-virtual.cf` has for `user@domain` goes before `postfix-regexp.cf` for `user+x@domain` as well.
/// `POSTERN_CATCHALL=dms` is DMS's order.
final class Recipients {
    /// Above this, an expression of all names would take longer than it is worth.
    private static final int MOST_GUARDED = 500;

    private final VirtualFile virtual;
    private final Accounts accounts;
    private final boolean asDms;

    Recipients(VirtualFile virtual, Accounts accounts, Environment environment) {
        this.virtual = virtual;
        this.accounts = accounts;
        this.asDms = environment
                .choice("POSTERN_CATCHALL", List.of("account", "dms"))
                .equals("dms");
    }

    /// Accounts that a catch-all would hide, as aliases to themselves: `you@example.com you@example.com`. The
    /// table is asked after the expressions.
    List<String> accounts() {
        return hidden().keySet().stream()
                .map(address -> address + " " + address)
                .toList();
    }

    /// A line for each account whose mail goes another way than in DMS.
    List<String> notes() {
        return hidden().entrySet().stream()
                .filter(each -> !each.getValue().targets().equals(List.of(each.getKey())))
                .map(each -> each.getKey() + " keeps its own mail, which docker-mailserver gives to "
                        + String.join(", ", each.getValue().targets()) + " ("
                        + each.getValue().origin() + ": "
                        + each.getValue().key() + "); POSTERN_CATCHALL=dms gives it there")
                .toList();
    }

    private Map<String, Entry> hidden() {
        Map<String, Entry> hidden = new LinkedHashMap<>();
        if (!asDms) {
            Map<String, Entry> catchAlls = virtual.catchAlls();
            for (Account account : accounts.all().values()) {
                Entry catchAll = catchAlls.get(VirtualFile.domain(account.address()));
                if (catchAll != null && !virtual.has(account.address())) {
                    hidden.put(account.address(), catchAll);
                }
            }
        }
        return hidden;
    }

    /// The text of the table of expressions: those of the file, kept from `user+x@domain` where
    /// `postfix-virtual.cf` has `user@domain`.
    ///
    /// @param delimiters of `recipient_delimiter`
    String expressions(String text, String delimiters) {
        Map<String, List<String>> names = virtual.entries().stream()
                .map(Entry::key)
                .filter(key -> key.indexOf('@') > 0)
                .collect(Collectors.groupingBy(
                        VirtualFile::domain,
                        LinkedHashMap::new,
                        Collectors.mapping(
                                key -> quoted(key.substring(0, key.lastIndexOf('@'))), Collectors.toList())));
        boolean many = virtual.entries().size() > MOST_GUARDED;
        if (asDms || many || text.isBlank() || delimiters.isBlank() || names.isEmpty()) {
            return text;
        }
        String any = names.entrySet().stream()
                .map(each -> "(?:" + String.join("|", each.getValue()) + ")[" + quoted(delimiters) + "].*@"
                        + quoted(each.getKey()))
                .collect(Collectors.joining("|"));
        return "if !/^(?:" + any + ")$/\n" + text.stripTrailing() + "\nendif\n";
    }

    private static String quoted(String text) {
        return text.replaceAll("([^A-Za-z0-9])", "\\\\$1");
    }
}
