package postern.ldap;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whose mailbox an entry stands for. Where its mail lies in docker-mailserver, `/var/mail/example.com/you`, says
/// so first: that is what an import of the old tree knows it by. Else its address does.
///
/// @param user `user_attrs`
/// @param addresses the attributes that hold addresses, best first
record Homes(AttributeMap user, List<String> addresses) {
    private static final Pattern PLACE =
            Pattern.compile("(?:[a-z]+:)?/var/mail/([^/:]+)/([^/:]+?)(?:/home|/Maildir|/mail)?/?(?::.*)?");
    private static final Pattern ADDRESS = Pattern.compile("[^@\\s/]+@[^@\\s/]+");
    private static final Pattern LIMIT =
            Pattern.compile("(?:\\*:)?(?:(bytes|storage)=)?([0-9]{1,15})([BbKkMmGgTt]?)%?");
    private static final int STORAGE_UNIT = 1024;

    /// What is to be asked for.
    Set<String> attributes() {
        Set<String> all = new TreeSet<>(user.attributes());
        all.addAll(addresses);
        return all;
    }

    /// The account of an entry; empty when nothing says which.
    ///
    /// @param name by which it was found
    String account(String name, Entry entry) {
        for (String field : List.of("mail", "mail_path", "home")) {
            Matcher place = PLACE.matcher(user.field(field, name, entry));
            if (place.matches()
                    && ADDRESS.matcher(place.group(2) + "@" + place.group(1)).matches()) {
                return (place.group(2) + "@" + place.group(1)).toLowerCase(Locale.ROOT);
            }
        }
        for (String attribute : addresses) {
            for (String value : entry.all(attribute)) {
                if (ADDRESS.matcher(value).matches()) {
                    return value.toLowerCase(Locale.ROOT);
                }
            }
        }
        return ADDRESS.matcher(name).matches() ? name.toLowerCase(Locale.ROOT) : "";
    }

    /// Bytes of mail that the account may have; 0 for no limit.
    long quota(String name, Entry entry) {
        for (String field : List.of("quota_rule", "quota_storage_size")) {
            Matcher limit = LIMIT.matcher(user.field(field, name, entry).strip());
            if (limit.matches()) {
                long unit = limit.group(3).isEmpty()
                        ? "storage".equals(limit.group(1)) ? STORAGE_UNIT : 1
                        : 1L << 10 * "bkmgt".indexOf(limit.group(3).toLowerCase(Locale.ROOT));
                return Math.multiplyExact(Math.min(Long.parseLong(limit.group(2)), Long.MAX_VALUE / unit), unit);
            }
        }
        return 0;
    }
}
