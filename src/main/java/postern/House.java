package postern;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import postern.dns.Resolver;
import postern.log.MailLog;
import postern.net.Dialer;
import postern.queue.Ledger;
import postern.queue.Mail;
import postern.queue.Queue;
import postern.sasl.LearnedKeys;
import postern.sasl.LoginGuard;
import postern.smtp.Recipient;

/// What of a server outlives a reload and what every [PublicSetup] is built on.
///
/// @param uptime a clock that never jumps
/// @param ledger of hand-overs that reached only some
/// @param pool platform threads for what takes more than a millisecond
/// @param handshakes platform threads for the sums of TLS
/// @param guard against guessing of passwords, for all services
/// @param learned keys for SCRAM that logins have made
/// @param arrived takes mail that has just been forced
/// @param expanded tells a sender which recipients were aliases
record House(
        MailLog log,
        InstantSource clock,
        InstantSource uptime,
        Dialer dialer,
        Resolver resolver,
        Queue queue,
        Ledger ledger,
        ExecutorService pool,
        ExecutorService handshakes,
        LoginGuard guard,
        LearnedKeys learned,
        Consumer<Mail> arrived,
        BiConsumer<Mail, List<Recipient>> expanded) {

    void close() {
        pool.shutdown();
        handshakes.shutdown();
        queue.close();
        ledger.close();
    }
}
