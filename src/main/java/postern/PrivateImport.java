package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.dms.Accounts;
import postern.dms.Volume;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.sql.SqliteStore;
import postern.mailbox.transfer.Import;
import postern.mailbox.transfer.MaildirTree;
import postern.mailbox.transfer.MboxAccount;
import postern.mailbox.transfer.Report;

/// `postern import KIND …`: takes mail over from elsewhere, while our server does not run. Ends with 0, or with
/// 1 when something could not be taken as it stands.
final class PrivateImport {
    static final String USAGE = "maildir|mbox|imap ...";

    static final int EX_PART = 1;

    private static final String HELP = """
            usage: postern import maildir [--dry-run] [-c CONFIG] [--mail DIR] [--account A] TREE
                   postern import imap --host H --user U [--account A] [--dry-run] [--mail DIR]
                   postern import imap --host H --master NAME -c CONFIG [--dry-run] [--mail DIR]
                          [--tls implicit|starttls|none] [--port N] [--ca FILE|--no-verify] [--password-file FILE]
                   postern import mbox --account A [--mailbox NAME] [--dry-run] [--mail DIR] FILE|DIRECTORY
            TREE is docker-mailserver's /var/mail, or one Maildir with --account; --mail is where our mailboxes go. Run it again
            for what is new; it may be ended at any point. 0: all is here; 1: what was left out is named.""";

    private final Arguments arguments;
    private final Report report;
    private final PrivateImap imap;
    private final Path mail;
    private final @Nullable AccountName account;
    private final @Nullable String mailbox;

    private PrivateImport(Arguments arguments, Report report, PrivateImap imap) {
        this.imap = imap;
        this.arguments = arguments;
        this.report = report;
        this.mail = arguments.path("--mail", "/var/mail");
        this.mailbox = arguments.text("--mailbox");
        this.account = account(arguments.text("--account"));
    }

    static int run(Arguments arguments, PrintStream out) throws IOException {
        if (arguments.flag("-h") || arguments.flag("--help")) {
            out.println(HELP);
            return 0;
        }
        Report report = new Report(out::println);
        boolean isDry = arguments.flag("--dry-run");
        try (PrivateImap imap = new PrivateImap()) {
            new PrivateImport(arguments, report, imap).run(isDry);
        }
        return report.problems() == 0 ? 0 : EX_PART;
    }

    private void run(boolean isDry) throws IOException {
        Path store = mail.resolve("postern");
        List<? extends Import.Opener> accounts = accounts();
        if (isDry) {
            new Import(null, store, report).run(accounts);
            return;
        }
        UserPrincipal owner = Files.getOwner(Files.exists(store) ? store : mail);
        try (MailboxStore mailboxes = open(store)) {
            new Import(mailboxes, store, report).run(accounts);
        } finally {
            PrivateStopped.giveBack(store, owner);
        }
    }

    static MailboxStore open(Path store) throws IOException {
        try {
            return SqliteStore.open(store, InstantSource.system(), MailLog.none());
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("in use by another process")) {
                throw e;
            }
            throw new IOException(
                    e.getMessage()
                            + ": stop the private server first, and start it again afterwards; meanwhile mail waits at those who send it",
                    e);
        }
    }

    static @Nullable AccountName account(@Nullable String name) {
        return name == null ? null : named(name);
    }

    static AccountName named(String name) {
        try {
            return new AccountName(name);
        } catch (IllegalArgumentException e) {
            throw new Arguments.Wrong(e.getMessage() + " (--account)");
        }
    }

    private List<? extends Import.Opener> accounts() throws IOException {
        Set<String> known = known(arguments.text("-c"));
        imap.read(arguments);
        List<String> rest = new ArrayList<>(arguments.rest());
        String kind = rest.isEmpty() ? "" : rest.removeFirst();
        List<? extends Import.Opener> accounts = switch (kind) {
            case "maildir" -> maildir(one(rest, "a directory"));
            case "mbox" -> List.of(mbox(one(rest, "a file or a directory")));
            case "imap" -> {
                none(rest);
                yield imap.accounts(account, known);
            }
            default -> throw new Arguments.Wrong("import wants one of maildir, mbox, imap");
        };
        if (!known.isEmpty()) {
            accounts.stream()
                    .map(one -> one.account().address())
                    .filter(address -> !known.contains(address))
                    .forEach(address -> report.say(
                            address + " is no account of the config volume: its mail is kept until it is one"));
        }
        return accounts;
    }

    /// The accounts of the config volume, when it is named.
    private static Set<String> known(@Nullable String config) {
        return config == null ? new TreeSet<>() : Accounts.addresses(new Volume(Path.of(config)));
    }

    private static void none(List<String> rest) {
        if (!rest.isEmpty()) {
            throw new Arguments.Wrong("\"" + rest.getFirst() + "\" is not understood");
        }
    }

    private static Path one(List<String> rest, String what) {
        if (rest.size() != 1) {
            throw new Arguments.Wrong("import wants " + what + " as its last word");
        }
        return Path.of(rest.getFirst()).toAbsolutePath().normalize();
    }

    private List<? extends Import.Opener> maildir(Path tree) throws IOException {
        if (!Files.isDirectory(tree)) {
            throw new Arguments.Wrong(tree + " is not a directory");
        }
        if (MaildirTree.isMaildir(tree)) {
            if (account == null) {
                throw new Arguments.Wrong(tree + " is one Maildir: --account you@example.com says whose it is");
            }
            return List.of(new MaildirTree.Found(account, tree, true));
        }
        List<MaildirTree.Found> found = MaildirTree.accounts(tree, report).stream()
                .filter(one -> account == null || one.account().equals(account))
                .toList();
        found.stream()
                .filter(one -> !one.isMaildir())
                .forEach(
                        one -> report.problem(
                                one.account().address(),
                                "its mail is in Dovecot's own format (sdbox or mdbox): left out; postern import imap takes it"));
        return found.stream().filter(MaildirTree.Found::isMaildir).collect(Collectors.toList());
    }

    private MboxAccount mbox(Path file) throws IOException {
        if (account == null) {
            throw new Arguments.Wrong("import mbox wants --account you@example.com, whose mail it is");
        }
        if (Files.isDirectory(file)) {
            return MboxAccount.in(account, file, ZoneId.systemDefault(), report);
        }
        if (!Files.isRegularFile(file)) {
            throw new Arguments.Wrong(file + " is neither a file nor a directory");
        }
        try {
            return MboxAccount.of(
                    account, file, mailbox == null ? null : new MailboxName(mailbox), ZoneId.systemDefault());
        } catch (IllegalArgumentException e) {
            throw new Arguments.Wrong(e.getMessage() + " (--mailbox names another one)");
        }
    }
}
