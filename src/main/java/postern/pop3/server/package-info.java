/// # pop3.server - mail by POP3
///
/// [postern.pop3.server.Pop3Server] is what the sessions of one listener share. `Pop3Session` reads a line
/// (`Chat`), finds its `Verb`, parses it into a `Command`, runs that and writes the one `Response` it returned,
/// with what follows it streamed behind. Only the session's loop writes final responses, counts bad commands,
/// and ends the session; AUTH uses `prompt`, STLS `afterResponse`. To add a command: its file, and a row in
/// `Verb`.
///
/// A `Maildrop` is an INBOX as it was when its owner logged in, 12 bytes a message; what is read of a message
/// is read again when it is asked for. [postern.pop3.server.MaildropLocks] lets one session at a time have it.
/// Messages are deleted at QUIT and at no other end; the store removes all of them or none.
///
/// What a message is called (UIDL) is what Dovecot calls it by default: UID and UIDVALIDITY in hexadecimal,
/// eight digits each; a name that came with an import wins. Sizes are bytes as they are sent, without stuffed
/// dots: texts are stored with CR LF. Words are Dovecot's where it has them: clients know those.
///
/// A network has so many sessions and no more (`SessionCount`); who is one too many hears so, and that is all.
///
/// State: `Pop3Session` ⊃ `Maildrop`, confined to the connection's virtual thread. A waiting session holds a
/// window of 512 bytes and a buffer as large for responses; wide ones are lent while data flows.
///
/// RFCs: 1939, 2449 (CAPA, response codes), 2595 (STLS), 3206 (SYS, AUTH), 5034 (AUTH), 6856 (UTF8, LANG;
/// a client that did not say UTF8 gets such headers as they are all the same).
@NullMarked
package postern.pop3.server;

import org.jspecify.annotations.NullMarked;
