package postern;

import java.util.List;
import java.util.stream.Stream;
import postern.config.ConfigException;
import postern.config.MainCf;

/// What main.cf may not ask for where mail is handed over before it is accepted: each of these wants a message
/// to be kept, or to go to more than its recipients have been answered for.
final class PassableSettings {
    private static final List<String> NEED_A_QUEUE =
            List.of("always_bcc", "sender_bcc_maps", "recipient_bcc_maps", "content_filter", "defer_transports");

    /// Whose tables may hold, redirect or filter.
    private static final List<String> CHECKS =
            List.of("header_checks", "mime_header_checks", "nested_header_checks", "body_checks");

    private PassableSettings() {}

    /// @param seen main.cf as one listener sees it
    /// @throws ConfigException naming the line, and the way out
    static void require(MainCf seen) {
        for (String name : NEED_A_QUEUE) {
            if (isSet(seen, name)) {
                throw seen.error(
                        name,
                        "mail that is handed over before it is accepted cannot do this; set postern_handover = queue"
                                + " to have it",
                        null);
            }
        }
    }

    private static boolean isSet(MainCf conf, String name) {
        String text = conf.text(name);
        return text != null && !conf.expand(text).isBlank();
    }

    /// The tables that messages are shown to.
    static List<String> looksInto(MainCf conf) {
        return CHECKS.stream()
                .map(name -> isSet(conf, name) ? conf.expand(String.valueOf(conf.text(name))) : "")
                .toList();
    }

    /// Whether all mail has to lie in the queue for what main.cf asks.
    static boolean needQueue(MainCf conf) {
        return Stream.concat(NEED_A_QUEUE.stream(), CHECKS.stream()).anyMatch(name -> isSet(conf, name));
    }
}
