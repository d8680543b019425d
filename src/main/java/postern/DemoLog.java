package postern;

import java.util.function.Consumer;
import postern.log.MailLog;

/// What the demo shows of a server's log: who hands a message in, what becomes of it, and what is refused.
///
/// @param show takes each line
record DemoLog(Consumer<String> show) implements MailLog {
    @Override
    public void info(String service, String text) {
        boolean tells = text.contains(": client=")
                || text.contains(" status=")
                || text.contains("reject: ")
                || text.contains("warning: ")
                || service.equals("dkim");
        if (tells) {
            String plain = text.replaceFirst(", delay=.*, dsn=", ", dsn=");
            show.accept(service + ": " + plain);
        }
    }
}
