package postern;

import java.util.List;
import postern.config.ConfigException;
import postern.config.MainCf;

/// What main.cf may not ask for where mail is handed over before it is accepted: each of these wants a message
/// to be kept, or to go to more than its recipients have been answered for.
final class PassableSettings {
    private static final List<String> NEED_A_QUEUE =
            List.of("always_bcc", "sender_bcc_maps", "recipient_bcc_maps", "content_filter", "defer_transports");

    private PassableSettings() {}

    /// @param seen main.cf as one listener sees it
    /// @throws ConfigException naming the line, and the way out
    static void require(MainCf seen) {
        for (String name : NEED_A_QUEUE) {
            String text = seen.text(name);
            if (text != null && !seen.expand(text).isBlank()) {
                throw seen.error(
                        name,
                        "mail that is handed over before it is accepted cannot do this; set postern_handover = queue"
                                + " to have it",
                        null);
            }
        }
    }
}
