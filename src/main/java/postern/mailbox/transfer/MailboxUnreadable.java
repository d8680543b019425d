package postern.mailbox.transfer;

import java.io.IOException;

/// One mailbox over there cannot be read: the others may be.
class MailboxUnreadable extends IOException {
    private static final long serialVersionUID = 1;

    MailboxUnreadable(String why) {
        super(why);
    }
}
