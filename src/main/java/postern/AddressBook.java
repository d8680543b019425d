package postern;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.Parameter;
import postern.dms.Accounts;
import postern.dms.DmsConfig;
import postern.mailbox.AccountName;
import postern.mailbox.Quota;
import postern.mailbox.delivery.Residents;

/// Finds the account of an address: its own, else that without the extension (`you+lists@example.com`).
final class AddressBook implements Residents.Book {
    private static final Parameter<String> RECIPIENT_DELIMITER = Parameter.text("recipient_delimiter", "");

    private final Map<String, Accounts.Account> accounts;
    private final String delimiters;
    private final boolean hasQuotas;

    AddressBook(DmsConfig dms) {
        this.accounts = dms.accounts().all();
        this.delimiters = delimiters(dms);
        this.hasQuotas = dms.hasQuotas();
    }

    @Override
    public Residents.@Nullable Entry find(Address address) {
        String whole = address.internal().toLowerCase(Locale.ROOT);
        Accounts.Account account = accounts.get(whole);
        if (account == null) {
            account = accounts.get(withoutExtension(whole, delimiters));
        }
        return account == null
                ? null
                : new Residents.Entry(
                        new AccountName(account.address()), hasQuotas ? new Quota(account.quota()) : Quota.NONE);
    }

    static String delimiters(DmsConfig dms) {
        return dms.conf().get(RECIPIENT_DELIMITER);
    }

    static String withoutExtension(String address, String delimiters) {
        int at = address.lastIndexOf('@');
        for (int i = 1; i < at; i++) {
            if (delimiters.indexOf(address.charAt(i)) >= 0) {
                return address.substring(0, i) + address.substring(at);
            }
        }
        return address;
    }
}
