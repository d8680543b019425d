package postern.lookup;

import java.time.InstantSource;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.net.Dialer;

/// What a table may use of the world: the configuration it was named in (paths, `recipient_delimiter`), the
/// log for its warnings, the dialer for `socketmap:`, and the clock by which files are looked at again.
public record TableContext(MainCf conf, MailLog log, Dialer dialer, InstantSource clock) {
    /// Without log and network: for tools and tests.
    public static TableContext of(MainCf conf) {
        Dialer none = (to, from, timeout) -> {
            throw new java.io.IOException("no network here");
        };
        return new TableContext(conf, MailLog.none(), none, InstantSource.system());
    }

    /// Logs a warning of the kind that Postfix's programs give when they read a table.
    void warn(String text) {
        log.warning("postern", text);
    }
}
