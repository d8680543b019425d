package postern.dms.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `setup debug`: what of it there is here.
final class DebugCommands {
    static final Path MAIL_LOG = Path.of("/var/log/mail/mail.log");

    private DebugCommands() {}

    static void fetchmail(List<String> arguments, Site site) {
        throw Refusal.of("Mail is not fetched from elsewhere here: there is no fetchmail");
    }

    static void getmail(List<String> arguments, Site site) {
        throw Refusal.of("Mail is not fetched from elsewhere here: there is no getmail");
    }

    static void login(List<String> arguments, Site site) {
        throw Refusal.of("There is no container to log in to: postern runs as a process of this machine");
    }

    static void showMailLogs(List<String> arguments, Site site) throws IOException {
        if (!Files.isReadable(MAIL_LOG)) {
            throw Refusal.of("'" + MAIL_LOG + "' cannot be read; without it the log is where the server's output goes");
        }
        Files.copy(MAIL_LOG, site.report().out());
        site.report().out().flush();
    }
}
