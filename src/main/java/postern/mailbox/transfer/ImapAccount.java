package postern.mailbox.transfer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxName;
import postern.mailbox.transfer.ImapParser.Response;
import postern.mailbox.transfer.ImapParser.Value;

/// An account as an IMAP server shows it: the mailboxes of the personal namespace (RFC 2342 §5). Nothing there
/// is changed: mailboxes are looked at (EXAMINE) and texts are peeked at.
final class ImapAccount implements ForeignAccount {
    private static final Set<String> USES =
            Set.of("\\ALL", "\\ARCHIVE", "\\DRAFTS", "\\FLAGGED", "\\JUNK", "\\SENT", "\\TRASH");

    private final AccountName name;
    private final String kind;
    private final ImapDialog dialog;
    private String prefix = "";

    ImapAccount(AccountName name, String kind, ImapDialog dialog) {
        this.name = name;
        this.kind = kind;
        this.dialog = dialog;
    }

    /// A mailbox as it is listed.
    ///
    /// @param stored its name over there, as it came
    private record Listed(String stored, MailboxName name, String specialUse, boolean hasMessages) {}

    @Override
    public AccountName name() {
        return name;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public List<ForeignMailbox> mailboxes(Report report) throws IOException {
        askPrefix();
        List<ForeignMailbox> mailboxes = new ArrayList<>();
        boolean showsUse = dialog.can("LIST-EXTENDED") && dialog.can("SPECIAL-USE");
        for (Listed listed : list("LIST \"\" \"*\"" + (showsUse ? " RETURN (SPECIAL-USE)" : ""), report)) {
            if (listed.hasMessages) {
                mailboxes.add(new ImapMailbox(dialog, listed.stored, listed.name, listed.specialUse));
            }
        }
        return mailboxes;
    }

    @Override
    public Set<MailboxName> subscriptions(Report report) throws IOException {
        Set<MailboxName> names = new TreeSet<>();
        list("LSUB \"\" \"*\"", report).forEach(listed -> names.add(listed.name));
        return names;
    }

    /// What stands in front of all names but INBOX: `INBOX.` on some servers.
    private void askPrefix() throws IOException {
        if (!dialog.can("NAMESPACE")) {
            return;
        }
        dialog.ask("NAMESPACE", response -> {
            if (response.word(0).equals("NAMESPACE") && response.values().size() > 1) {
                List<Value> personal = ImapDialog.list(response.values().get(1));
                List<Value> first = personal.isEmpty() ? List.of() : ImapDialog.list(personal.getFirst());
                prefix = !first.isEmpty() && first.getFirst() instanceof Value.Text text ? text.text() : "";
            }
        });
    }

    private List<Listed> list(String command, Report report) throws IOException {
        List<Listed> found = new ArrayList<>();
        dialog.ask(command, response -> {
            if (response.word(0).matches("LIST|LSUB") && response.values().size() >= 4) {
                Listed listed = listed(response, report);
                if (listed != null) {
                    found.add(listed);
                }
            }
        });
        return found;
    }

    private @Nullable Listed listed(Response response, Report report) {
        String use = "";
        boolean hasMessages = true;
        for (Value value : ImapDialog.list(response.values().get(1))) {
            String flag = value instanceof Value.Text text ? text.text() : "";
            String upper = flag.toUpperCase(Locale.ROOT);
            hasMessages &= !upper.equals("\\NOSELECT") && !upper.equals("\\NONEXISTENT");
            use = USES.contains(upper)
                    ? "\\" + upper.charAt(1) + upper.substring(2).toLowerCase(Locale.ROOT)
                    : use;
        }
        String separator = response.values().get(2) instanceof Value.Text text && !text.isAtom() ? text.text() : "";
        if (!(response.values().get(3) instanceof Value.Text stored)) {
            return null;
        }
        MailboxName mailbox = mailboxName(stored.text(), separator, report);
        return mailbox == null
                ? null
                : new Listed(stored.text(), mailbox, use.isEmpty() ? SpecialUse.of(mailbox) : use, hasMessages);
    }

    private @Nullable MailboxName mailboxName(String stored, String separator, Report report) {
        if (stored.equalsIgnoreCase("INBOX")) {
            return MailboxName.INBOX;
        }
        String own = !prefix.isEmpty() && stored.startsWith(prefix) ? stored.substring(prefix.length()) : stored;
        String decoded = ModifiedUtf7.decode(own);
        String text = decoded == null ? own : decoded;
        if (!separator.isEmpty() && !separator.equals(".")) {
            if (text.indexOf('.') >= 0) {
                report.say(name + " " + text + ": a dot is between levels here, the name gets _ for it");
            }
            text = text.replace('.', '_').replace(separator, ".");
        }
        try {
            return new MailboxName(text);
        } catch (IllegalArgumentException e) {
            report.problem(name.address(), "the mailbox \"" + stored + "\" is left out: " + e.getMessage());
            return null;
        }
    }

    @Override
    public Scripts scripts(Report report) {
        return Scripts.NONE;
    }

    @Override
    public void close() {
        dialog.close();
    }
}
