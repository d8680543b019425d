package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxStore;
import postern.mailbox.transfer.Export;
import postern.mailbox.transfer.Report;

/// `postern export KIND …`: writes mail for other programs, while our server does not run. Ends with 0, or with 1
/// when something could not be written as it stands.
final class PrivateExport {
    static final String USAGE = "maildir|mbox DEST";

    private PrivateExport() {}

    static int run(Arguments arguments, PrintStream out) throws IOException {
        if (arguments.flag("-h") || arguments.flag("--help")) {
            out.println(
                    "usage: postern export maildir|mbox [--mail DIR] [--account A] DEST: all accounts, or one, each into");
            out.println(
                    "DEST/DOMAIN/USER; one that is there already is left alone. --mail is where our mailboxes are (/var/mail).");
            return 0;
        }
        Path store = arguments.path("--mail", "/var/mail").resolve("postern");
        AccountName account = PrivateImport.account(arguments.text("--account"));
        List<String> words = new ArrayList<>(arguments.rest());
        if (words.size() != 2) {
            throw new Arguments.Wrong("export wants a kind and a directory");
        }
        Path to = Path.of(words.get(1)).toAbsolutePath().normalize();
        if (Files.notExists(store)) {
            throw new Arguments.Wrong(store + " is not there: --mail says where the mail is");
        }
        Report report = new Report(out::println);
        try (MailboxStore mailboxes = PrivateImport.open(store)) {
            Export export = switch (words.getFirst()) {
                case "maildir" -> Export.maildir(mailboxes, store, report);
                case "mbox" -> Export.mbox(mailboxes, ZoneId.systemDefault(), report);
                default -> throw new Arguments.Wrong("export wants a kind, maildir or mbox");
            };
            export.run(account == null ? mailboxes.accounts() : List.of(account), to);
        } finally {
            PrivateStopped.giveBack(store, Files.getOwner(store));
        }
        return report.problems() == 0 ? 0 : PrivateImport.EX_PART;
    }
}
