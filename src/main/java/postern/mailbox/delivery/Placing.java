package postern.mailbox.delivery;

import java.time.ZoneId;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.message.MailDate;
import postern.message.Received;
import postern.queue.Mail;
import postern.smtp.Recipient;

/// Where in a mailbox mail is put, and what is put in front of it.
///
/// @param spamToJunk whether what a filter has marked goes to Junk
/// @param spamIsRead whether it has `\Seen` then
/// @param host `myhostname`
/// @param product `mail_name`
public record Placing(boolean spamToJunk, boolean spamIsRead, String host, String product) {
    static final MailboxName JUNK = new MailboxName("Junk");

    /// @param recipient after all aliases, with what stands behind a `recipient_delimiter`
    Incoming.Place place(AccountName account, Mail mail, Recipient recipient, boolean spam) {
        boolean junk = spam && spamToJunk;
        return new Incoming.Place(
                account,
                junk ? JUNK : MailboxName.INBOX,
                front(mail, recipient),
                junk && spamIsRead ? Flags.of(Flags.Flag.SEEN) : Flags.NONE,
                mail.arrival());
    }

    /// The trace field says nothing of the client: of submitted mail the one that does is taken out, and Dovecot puts
    /// such a one behind it too.
    private String front(Mail mail, Recipient recipient) {
        String to = recipient.address().toString();
        String date = MailDate.format(mail.arrival(), ZoneId.systemDefault());
        String id = mail.id().toString();
        return "Return-Path: " + mail.sender() + "\r\nDelivered-To: " + to + "\r\n"
                + new Received("", "", "", "", host, product, "", id, "<" + to + ">", date).text();
    }
}
