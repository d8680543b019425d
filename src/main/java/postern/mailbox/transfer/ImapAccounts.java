package postern.mailbox.transfer;

import java.io.IOException;
import postern.mailbox.AccountName;

/// An account on an IMAP server.
///
/// @param account whose mail it is to be here
public record ImapAccounts(ImapServer server, ImapServer.Login login, AccountName account) implements Import.Opener {
    @Override
    public ForeignAccount open() throws IOException {
        ImapDialog dialog = server.open(login);
        return new ImapAccount(account, "imap " + server.host() + " " + login.user(), dialog);
    }
}
