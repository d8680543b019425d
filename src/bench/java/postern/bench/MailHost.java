package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;

/// A server that keeps mail in mailboxes, and gives it back by POP3. The owners are those of [Dialect#user],
/// their password is `secret`.
interface MailHost extends Peer {
    /// How many mailboxes there are.
    int MAILBOXES = 100;

    String PASSWORD = "secret";

    /// What it wants to hear first: `EHLO` or `LHLO`.
    String hello();

    /// Where it gives mail back.
    InetSocketAddress pop3();

    /// Waits until all that was accepted is in mailboxes.
    ///
    /// @param lastAcceptance when the last message was, by [System#nanoTime()]
    /// @return when the last one came to its mailbox
    default long awaitDelivered(long lastAcceptance) throws IOException {
        return lastAcceptance;
    }
}
