/// # smtp.client - the client side of SMTP and LMTP
///
/// [postern.smtp.client.SmtpClient] opens [postern.smtp.client.SmtpDialog]s with the servers of a next hop;
/// a dialog is ready for mail when one gets it, and takes it step by step (a session that streams a message
/// through) or whole and pipelined (the queue). The life of a message to a next hop:
///
/// | step | where |
/// |---|---|
/// | `[mx.example]:587`, `example.com`, `unix:/path` | [postern.smtp.client.NextHop] |
/// | MX and address records, in order, never this host | [postern.smtp.client.TargetHosts], `AddressOrder` |
/// | one server after the other, the fall-back relay, dialogs that rest | [postern.smtp.client.Attempts], `DialogCache`
/// |
/// | greeting, EHLO, STARTTLS, AUTH | `Handshake`, `Login` |
/// | whom it is for: PROXY header, XCLIENT; what all next hops of ours can honour | `Introduction`, `Heard` |
/// | commands out, replies in, time limits | `Chat`, `Commands`, `ReplyReader`, `Timeouts` |
/// | MAIL, RCPT, DATA or BDAT, the text | [postern.smtp.client.SmtpDialog], `Transmission`, `LongLines` |
/// | what went wrong, in Postfix's words | [postern.smtp.client.SmtpFailure] |
///
/// Small messages go as one chunk behind their envelope where CHUNKING is offered, in one write; all others
/// with DATA. A message with bytes outside ASCII goes as it is to a server without 8BITMIME (Postfix:
/// `disable_mime_output_conversion`): converting it would break its signatures. A connection that is lost
/// after the end of data leaves open whether the message was taken (RFC 1047): it is never tried elsewhere at
/// once, and never bounced.
///
/// State: dialogs that rest, owned by the client's cache; buffers lent out of one bounded store while commands
/// and text flow. Threads: a dialog belongs to one thread at a time; the client serves many. While dialogs
/// rest, one virtual thread waits to end them.
///
/// RFCs: 5321, 2033 (LMTP), 1047 (duplicates), 2920 (PIPELINING), 3030 (CHUNKING), 3207 (STARTTLS), 4954
/// (AUTH), 1870 (SIZE), 3461 (DSN), 6152 (8BITMIME), 6531 (SMTPUTF8), 7505 (Null MX), 8305.
/// Draft: hall-prdr-00 (PRDR).
@NullMarked
package postern.smtp.client;

import org.jspecify.annotations.NullMarked;
