package postern;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.dms.DmsConfig;
import postern.ldap.Directories;
import postern.ldap.LdapAccounts;
import postern.ldap.LdapLogins;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Quota;
import postern.mailbox.delivery.Residents;
import postern.sasl.Elsewhere;

/// Who lives in a private server and may log in: those of its files, or those of a directory
/// (`ACCOUNT_PROVISIONER`).
///
/// @param book finds accounts by address
/// @param provisioner what is asked besides files
record PrivateProvisioner(Residents.Book book, Provisioner provisioner) {

    /// @throws postern.config.ConfigException naming file and line
    static PrivateProvisioner of(DmsConfig dms, InstantSource clock, MailLog log) {
        Directories directories = new Directories(clock);
        if (!dms.hasDirectory()) {
            return new PrivateProvisioner(
                    new AddressBook(dms), new Provisioner(Map.of("ldap", directories::table), Elsewhere.NOBODY));
        }
        LdapAccounts accounts = new LdapAccounts(dms.directoryUsers(), dms.directoryLogins(), directories);
        List<String> warnings = new ArrayList<>();
        LdapLogins logins = LdapLogins.open(dms.directoryLogins(), accounts.addressAttributes(), directories, warnings);
        warnings.forEach(line -> log.warning("postern", line));
        return new PrivateProvisioner(
                new DirectoryBook(accounts, AddressBook.delimiters(dms)),
                new Provisioner(Map.of("ldap", directories::table), new Elsewhere(logins, null)));
    }

    /// The accounts of a directory: that of the address, else that of the address without its extension.
    private record DirectoryBook(LdapAccounts accounts, String delimiters) implements Residents.Book {
        @Override
        public Residents.@Nullable Entry find(Address address) throws IOException {
            String whole = address.internal();
            LdapAccounts.Account found = accounts.find(whole);
            String plain = AddressBook.withoutExtension(whole, delimiters);
            if (found == null && !plain.equals(whole)) {
                found = accounts.find(plain);
            }
            return found == null ? null : new Residents.Entry(new AccountName(found.name()), new Quota(found.quota()));
        }
    }
}
