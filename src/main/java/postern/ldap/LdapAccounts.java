package postern.ldap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which account mail for an address belongs to: the entry that `ldap-users.cf` finds.
public final class LdapAccounts {
    private final LdapQuery query;
    private final Directory directory;
    private final ResultAttributes attributes;
    private final Homes homes;

    /// @param quota bytes; 0 for no limit
    public record Account(String name, long quota) {}

    /// @param users `ldap-users.cf`
    /// @param dovecot `dovecot-ldap.conf.ext`: what it says of homes and quotas counts
    /// @throws postern.config.ConfigException naming file and line
    public LdapAccounts(Path users, Path dovecot, Directories directories) {
        LdapFile file = LdapTable.read(users);
        this.query = LdapQuery.of(file);
        this.directory = directories.of(LdapServers.of(file));
        ResultAttributes results = ResultAttributes.of(file);
        this.homes = LdapLogins.homes(LdapLogins.read(dovecot), results.plain());
        Set<String> all = new TreeSet<>(homes.attributes());
        this.attributes = new ResultAttributes(new ArrayList<>(all), List.of(), List.of(), List.of());
    }

    /// The attributes that hold addresses, best first.
    public List<String> addressAttributes() {
        return homes.addresses();
    }

    /// @return null when nobody has this address
    /// @throws IOException when that cannot be known now
    public @Nullable Account find(String address) throws IOException {
        String folded = address.toLowerCase(Locale.ROOT);
        Question question = query.about(folded, attributes);
        List<Entry> found = question == null ? List.of() : directory.search(question);
        if (found.size() > 1) {
            throw new IOException("more than one entry has the address " + folded);
        }
        if (found.isEmpty()) {
            return null;
        }
        String name = homes.account(folded, found.getFirst());
        return name.isEmpty() ? null : new Account(name, homes.quota(folded, found.getFirst()));
    }
}
