/// # mailbox.transfer - mail comes from other servers, and goes to them
///
/// A [postern.mailbox.transfer.ForeignAccount] is an account elsewhere, with its mailboxes as they are found: a
/// Maildir++ tree as Dovecot wrote it ([postern.mailbox.transfer.MaildirTree]), files in the mbox format
/// ([postern.mailbox.transfer.MboxAccount]), or an account on an IMAP server
/// ([postern.mailbox.transfer.ImapAccounts]). [postern.mailbox.transfer.Import] takes any of them over: UIDs,
/// UIDVALIDITY, flags, keywords, dates, POP3 ids, subscriptions, Sieve scripts.
/// [postern.mailbox.transfer.MaildirExport]
/// and [postern.mailbox.transfer.MboxExport] write what Dovecot and others read.
///
/// What was taken over stands in a [postern.mailbox.transfer.Journal] for each mailbox: the next import takes
/// only what is new, and the flags that have changed over there. The journal with what is about to come is
/// forced before the first message is; so an import may be killed at any point and run again: nothing comes
/// twice, and nothing is left out. What is read is never changed.
///
/// State: journals and Sieve scripts, in files beside the store's. Threads: one account at a time on each of a
/// few platform threads, as reading, unpacking and packing are work for the processor.
///
/// RFCs: 9051 and 3501 (the IMAP that is spoken, modified UTF-7), 4155 (mbox), 6154 (special use), 4616 (PLAIN).
@NullMarked
package postern.mailbox.transfer;

import org.jspecify.annotations.NullMarked;
