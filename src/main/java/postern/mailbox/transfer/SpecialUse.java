package postern.mailbox.transfer;

import java.util.Map;
import postern.mailbox.MailboxName;

/// Which mailboxes are for what by their names, as in docker-mailserver.
final class SpecialUse {
    private static final Map<String, String> BY_NAME =
            Map.of("Drafts", "\\Drafts", "Junk", "\\Junk", "Trash", "\\Trash", "Sent", "\\Sent");

    private SpecialUse() {}

    static String of(MailboxName name) {
        return BY_NAME.getOrDefault(name.name(), "");
    }
}
