package postern.mailbox.delivery;

import java.time.Instant;
import postern.address.Path;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.smtp.Recipient;

/// Where in a mailbox mail is put.
///
/// @param spamToJunk whether what a filter has marked goes to Junk
/// @param spamIsRead whether it has `\Seen` then
public record Placing(boolean spamToJunk, boolean spamIsRead) {
    static final MailboxName JUNK = new MailboxName("Junk");

    Incoming.Place place(AccountName account, Path sender, Recipient recipient, boolean spam, Instant arrival) {
        boolean junk = spam && spamToJunk;
        String front = "Return-Path: <" + sender.internal() + ">\r\nDelivered-To: " + account + "\r\n";
        return new Incoming.Place(
                account,
                junk ? JUNK : MailboxName.INBOX,
                recipient.address().isUtf8() || isUtf8(sender) ? "" : front,
                junk && spamIsRead ? Flags.of(Flags.Flag.SEEN) : Flags.NONE,
                arrival);
    }

    private static boolean isUtf8(Path sender) {
        return sender.internal().chars().anyMatch(c -> c > 126);
    }
}
