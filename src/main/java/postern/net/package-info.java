/// # net - the only sockets
///
/// [postern.net.Connection] is a byte stream with a peer, a deadline and perhaps TLS; [postern.net.Listener]
/// accepts them, [postern.net.Dialer] opens them. `Tls` makes engines out of certificates and keys;
/// [postern.net.Deadline] is how every blocking read and write ends in time.
///
/// State: each connection belongs to its session. One thread, `Deadlines`, looks over all open connections
/// four times a second. Threads: one virtual thread per connection; nothing is ever interrupted, cancelling
/// means closing.
///
/// RFCs: 8446 and 5246 (TLS), 3207 (STARTTLS), 8305 (address order: IPv6 first).
@NullMarked
package postern.net;

import org.jspecify.annotations.NullMarked;
