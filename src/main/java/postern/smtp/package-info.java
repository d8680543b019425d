/// # smtp - the language
///
/// Values of SMTP that server, client and queue share: [postern.smtp.Reply], [postern.smtp.EnhancedStatus],
/// [postern.smtp.Envelope], [postern.smtp.Recipient], [postern.smtp.Param], [postern.smtp.Params],
/// [postern.smtp.SmtpParser]; and the one seam behind a transaction, [postern.smtp.Intake]. It knows neither
/// sockets nor policy.
///
/// Between two servers of ours messages go under a [postern.smtp.HandoverId]; [postern.smtp.Fates] tells what
/// became of them (docs/xhandover.md).
///
/// State: none; values are immutable.
///
/// RFCs: 5321, 3463 (status codes), 3461 (DSN parameters), 6531 (SMTPUTF8), 1870 (SIZE), 3030 (CHUNKING).
@NullMarked
package postern.smtp;

import org.jspecify.annotations.NullMarked;
