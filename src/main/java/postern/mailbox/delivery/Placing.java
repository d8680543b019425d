package postern.mailbox.delivery;

import java.time.Instant;
import postern.address.Path;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.smtp.Recipient;

/// Where in a mailbox mail is put, and what is put in front of it.
///
/// @param spamToJunk whether what a filter has marked goes to Junk
/// @param spamIsRead whether it has `\Seen` then
public record Placing(boolean spamToJunk, boolean spamIsRead) {
    static final MailboxName JUNK = new MailboxName("Junk");

    /// @param recipient after all aliases, with what stands behind a `recipient_delimiter`
    Incoming.Place place(AccountName account, Path sender, Recipient recipient, boolean spam, Instant arrival) {
        boolean junk = spam && spamToJunk;
        return new Incoming.Place(
                account,
                junk ? JUNK : MailboxName.INBOX,
                "Return-Path: " + sender + "\r\nDelivered-To: " + recipient.address() + "\r\n",
                junk && spamIsRead ? Flags.of(Flags.Flag.SEEN) : Flags.NONE,
                arrival);
    }
}
