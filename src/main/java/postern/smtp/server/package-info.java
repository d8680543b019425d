/// # smtp.server - the server's side of a session
///
/// [postern.smtp.server.SmtpServer] is what the sessions of one listener share: configuration, policy,
/// logins, the intake. `SmtpSession` reads a line (`Chat`), finds its `Verb`, parses it into a `Command`,
/// runs that and writes the one reply it returned. Only the session's loop writes final replies, counts
/// errors (`Tally`), logs and ends the session; commands use `prompt` (354, 334), `sayEach` (XHANDOVER, PRDR) and
/// `afterReply` (TLS). To add a verb: its file, and a row in `Verb`.
///
/// A `Transaction` lives from MAIL to the answer to its last byte, and goes as a whole. What it becomes is
/// behind [postern.smtp.Intake], opened at the first recipient that policy lets through; its text flows there
/// through `Content` in pieces, never held here.
///
/// State: `SmtpSession` ⊃ `Transaction`, confined to the connection's virtual thread. Waiting sessions hold a
/// window of 512 bytes and a buffer as large for replies.
///
/// RFCs: 5321, 2920 (pipelining), 1870 (SIZE), 3030 (BDAT), 3207 (STARTTLS), 4954 (AUTH), 3461 (DSN), 6531
/// (SMTPUTF8), 9422 (LIMITS), 2033 §4.2 (replies under a hand-over id). Sources: smtpd(8), XCLIENT_README,
/// XFORWARD_README, postconf(5), draft-hall-prdr-00.
@NullMarked
package postern.smtp.server;

import org.jspecify.annotations.NullMarked;
