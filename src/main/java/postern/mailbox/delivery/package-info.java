/// # mailbox.delivery - mail into mailboxes
///
/// [postern.mailbox.delivery.MailboxOutlet] is the outlet of `cleanup` that puts a message whose recipients all
/// live here into their mailboxes before the client hears 250: once for all of them. Others go into the queue,
/// from where [postern.mailbox.delivery.MailboxDelivery] brings those who live here theirs.
/// [postern.mailbox.delivery.Residents] knows who lives here and how much room they have.
///
/// A message for a mailbox has `Return-Path` and `Delivered-To` in front; its text is kept once. What a filter
/// has marked as spam (`X-Spam-Flag: YES`, `X-Spam: Yes`) goes to Junk, where the house wants that. A full mailbox
/// is said at RCPT; its owner has a message before that ([postern.mailbox.delivery.Deposit]).
///
/// Once: the store commits a hand-over id (docs/xhandover.md) with the mail, and what a delivery from the queue
/// is known by. A message goes either way, never both; [postern.mailbox.delivery.StoreFates] asks at both.
///
/// State: a message on its way belongs to its session's thread. Threads: none of its own.
///
/// RFCs: 5321 §4.4 (Return-Path), 9228 (Delivered-To), 3463 (mailbox full).
@NullMarked
package postern.mailbox.delivery;

import org.jspecify.annotations.NullMarked;
