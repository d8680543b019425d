package postern.mailbox;

import java.util.Locale;

/// Whose mail it is: the full address that the account is known by, in lower case. Whether there is such an
/// account is not the store's to know: it keeps mail for those it is given.
///
/// @param address `you@example.com`
public record AccountName(String address) implements Comparable<AccountName> {
    /// @throws IllegalArgumentException when it is no full address
    public AccountName {
        address = address.toLowerCase(Locale.ROOT);
        int at = address.lastIndexOf('@');
        if (at <= 0 || at == address.length() - 1) {
            throw new IllegalArgumentException("\"" + address + "\" is no account: user@domain is needed");
        }
    }

    public String localPart() {
        return address.substring(0, address.lastIndexOf('@'));
    }

    public String domain() {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    @Override
    public int compareTo(AccountName other) {
        return address.compareTo(other.address);
    }

    @Override
    public String toString() {
        return address;
    }
}
