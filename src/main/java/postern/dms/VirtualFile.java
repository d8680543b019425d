package postern.dms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import postern.dms.Accounts.Account;

/// `postfix-virtual.cf` (virtual(5)), as far as DMS itself looks into it: the table reads it as it stands.
///
/// @param entries in the order of the file; of several with one key the first counts
record VirtualFile(List<Entry> entries, List<String> warnings) {
    static final String NAME = "postfix-virtual.cf";
    static final VirtualFile NONE = new VirtualFile(List.of(), List.of());

    /// @param key `user@domain`, `user` or `@domain`, in lower case
    record Entry(String key, List<String> targets, String origin) {
        boolean isCatchAll() {
            return key.startsWith("@");
        }

        /// The account that an alias leads to: the first of its targets that is one. A catch-all leads to none.
        Optional<Account> account(Map<String, Account> all) {
            return key.indexOf('@') <= 0
                    ? Optional.empty()
                    : targets.stream().map(all::get).flatMap(Stream::ofNullable).findFirst();
        }
    }

    /// @throws postern.config.ConfigException naming file and line
    static VirtualFile of(Volume volume) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        for (Volume.Line line : volume.logicalLines(NAME, warnings)) {
            String[] parts = line.text().split("\\s+", 2);
            if (parts.length < 2) {
                throw line.error("an alias needs its targets: " + parts[0] + " user@example.com");
            }
            List<String> targets = Stream.of(parts[1].toLowerCase(Locale.ROOT).split("[,\\s]+"))
                    .filter(target -> !target.isEmpty())
                    .toList();
            Entry entry = new Entry(parts[0].toLowerCase(Locale.ROOT), targets, line.origin());
            Entry earlier = entries.putIfAbsent(entry.key(), entry);
            if (earlier != null) {
                warnings.add(line.origin() + ": " + entry.key() + " is there already (" + earlier.origin()
                        + "): this line has no effect");
            }
        }
        return new VirtualFile(List.copyOf(entries.values()), warnings);
    }

    /// The domains of all keys that have one.
    List<String> domains() {
        return entries.stream()
                .map(Entry::key)
                .filter(key -> key.indexOf('@') >= 0 && !domain(key).isEmpty())
                .map(VirtualFile::domain)
                .toList();
    }

    /// Where a domain's `@domain` line leads.
    SortedMap<String, Entry> catchAlls() {
        SortedMap<String, Entry> found = new TreeMap<>();
        entries.stream().filter(Entry::isCatchAll).forEach(entry -> found.put(domain(entry.key()), entry));
        return found;
    }

    boolean has(String key) {
        return entries.stream().anyMatch(entry -> entry.key().equals(key));
    }

    static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
