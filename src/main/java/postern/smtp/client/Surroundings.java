package postern.smtp.client;

import java.time.InstantSource;
import postern.log.MailLog;
import postern.net.Dialer;

/// What a client needs of the world.
///
/// @param service what the log calls it: `smtp`, `relay/smtp`, `lmtp`
/// @param heard what next hops of ours offer
public record Surroundings(Dialer dialer, MailLog log, String service, InstantSource clock, Heard heard) {
    public Surroundings(Dialer dialer, MailLog log, String service, InstantSource clock) {
        this(dialer, log, service, clock, new Heard());
    }

    void info(String text) {
        log.info(service, text);
    }

    void warning(String text) {
        log.warning(service, text);
    }
}
