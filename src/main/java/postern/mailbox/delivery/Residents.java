package postern.mailbox.delivery;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxStore;
import postern.mailbox.Quota;
import postern.smtp.Reply;

/// Who lives here.
///
/// @param book finds accounts
/// @param store where their mail is
public record Residents(Book book, MailboxStore store) {
    /// Finds accounts by address.
    @FunctionalInterface
    public interface Book {
        /// The account that mail for an address belongs to, after all aliases; null when nobody here has it.
        ///
        /// @throws IOException when that cannot be known now: no reason to say that nobody has it
        @Nullable
        Entry find(Address address) throws IOException;
    }

    /// What is known of an account.
    public record Entry(AccountName account, Quota quota) {}

    @Nullable
    Entry find(Address address) throws IOException {
        return book.find(address);
    }

    /// Bytes that an account's mail takes, where that is of interest; else 0.
    long used(Entry entry) throws IOException {
        return entry.quota().isLimited() ? store.usage(entry.account()).bytes() : 0;
    }

    static Reply away(Address address) {
        return Reply.of("451 4.3.0 <" + address + ">: Temporary lookup failure");
    }

    /// Whether there is room for so many bytes more: null, or the refusal.
    ///
    /// @param address that was asked for
    @Nullable
    Reply refusal(Entry entry, Address address, long size) {
        try {
            return entry.quota().hasRoom(used(entry), size)
                    ? null
                    : Reply.of("552 5.2.2 <" + address + ">: Recipient address rejected: Mailbox is full");
        } catch (IOException e) {
            return away(address);
        }
    }
}
