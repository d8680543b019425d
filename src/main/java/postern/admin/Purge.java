package postern.admin;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// Removes the mail of accounts for good.
final class Purge implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("purge wants the address of an account");
        }
        Mailroom mailroom = scene.mailboxes();
        for (String account : arguments) {
            boolean hadMail = mailroom.remove(account.toLowerCase(Locale.ROOT));
            answer.line(account + (hadMail ? ": mail removed" : ": no mail"));
        }
        return Exit.OK;
    }
}
