/// # net - the only sockets
///
/// [postern.net.Connection] is a byte stream with a peer, a deadline and perhaps TLS; [postern.net.Listener]
/// accepts them, [postern.net.Dialer] opens them. [postern.net.ServerTls] and [postern.net.ClientTls] make
/// engines out of certificates, keys and demands; nothing here knows a parameter or a mail.
///
/// | who | what it holds | how long |
/// |---|---|---|
/// | [postern.net.SocketConnection] | a channel; under TLS an engine and 512 bytes | as its session |
/// | [postern.net.SocketListener] | a port, the connections it accepted | until closed |
/// | [postern.net.Deadlines] | every open connection | one for the process |
/// | [postern.net.HandshakePool] | the platform threads of TLS handshakes | one for the process |
/// | [postern.net.ServerTls] | keys, tickets, sessions | one for each service |
/// | [postern.net.ClientTls] | demands on the server, sessions | one for each set of demands |
/// | [postern.net.LiveKeys] | certificates, and the files they came from | as its service |
///
/// State: each connection belongs to its session. Buffers for TLS records are lent out of one bounded store
/// for one read or one write.
///
/// Threads: a virtual thread for each listener and each connection; one platform thread, `deadlines`, looks
/// over all open connections four times a second; the signatures and chains of handshakes run on a bounded
/// pool of platform threads. Nothing is ever interrupted: cancelling means closing.
///
/// RFCs: 8446 and 5246 (TLS), 6066 (SNI), 6125 and 9525 (names in certificates), 5280 (certificates),
/// 7468 (PEM), 3207 (STARTTLS), 5952 (IPv6 as text).
@NullMarked
package postern.net;

import org.jspecify.annotations.NullMarked;
