/// # mailbox - accounts, their mailboxes, and the messages in them
///
/// The store behind delivery, POP3 and IMAP, as values and one interface. [postern.mailbox.MailboxStore] is a
/// place for mail; [postern.mailbox.Incoming] is a message on its way into it, whose text is written once and
/// forced together with the rows that name it, for however many mailboxes. A [postern.mailbox.Mailbox] is what
/// is known of a mailbox at one moment, a [postern.mailbox.MessageRef] of one message in it.
///
/// What never happens: a UID is given twice under one UIDVALIDITY; a ModSeq falls; a message is seen before it
/// is forced; a text that no message named when it was looked up is served.
///
/// State: none here but values; engines ([postern.mailbox.sql]) own theirs. Threads: stores are safe for use
/// from many; [postern.mailbox.Incoming] belongs to one.
///
/// RFCs: 9051 and 3501 (UIDs, UIDVALIDITY, flags), 7162 (MODSEQ), 6154 (special use), 8474 (object ids).
@NullMarked
package postern.mailbox;

import org.jspecify.annotations.NullMarked;
