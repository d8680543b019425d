package postern.dms.setup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigFiles;
import postern.dms.Environment;

/// `postern setup …`: docker-mailserver's commands, a row each. Exit codes are its own: 0 for what was done and
/// for help, 1 for what was not, 2 for a command that there is none of.
public final class SetupCommands {
    private static final int INVALID = 2;

    private static final List<Command> ALL = List.of(
            new Command("email add", "<EMAIL ADDRESS> [<PASSWORD>]", 1, """
                    Adds an account. Without a password on the command line, where others may see it, it is asked for.""", EmailCommands::add),
            new Command(
                    "email update",
                    "<EMAIL ADDRESS> [<PASSWORD>]",
                    1,
                    "Gives an account another password.",
                    EmailCommands::update),
            new Command("email del", "[-y | -n] <EMAIL ADDRESS> [<EMAIL ADDRESS>...]", 1, """
                    Removes accounts, their quotas, and them from all aliases.
                      -y  removes their mail too, without asking
                      -n  keeps their mail, without asking""", EmailCommands::delete),
            new Command(
                    "email restrict", "<add|del|list> <send|receive> [<EMAIL ADDRESS>]", 1, """
                    Says who may not send or receive. Takes effect on submission and on mail from outside.""", RestrictCommands::run),
            new Command(
                    "email list", "", 0, "Lists the accounts, with their mail and their aliases.", EmailCommands::list),
            new Command("email apppass", "<add|del|list> [<EMAIL ADDRESS> [<LABEL>]]", 1, """
                    Makes another password for an account, for one program or device, and shows it once; takes
                    it away again; lists them.""", KeyCommands::apps),
            new Command(
                    "email cert",
                    "<add|del|list> [<EMAIL ADDRESS> [<FILE or FINGERPRINT>]]",
                    1,
                    """
                    Lets an account in with a client certificate (SASL EXTERNAL), by its SHA-256 fingerprint.""",
                    KeyCommands::certificates),
            new Command("alias add", "<EMAIL ADDRESS> <RECIPIENT>[,<RECIPIENT>...]", 2, """
                    Makes an alias, or adds recipients to it. @example.com is all of a domain.""", AliasCommands::add),
            new Command("alias del", "<EMAIL ADDRESS> <RECIPIENT>", 2, """
                    Removes a recipient from an alias; with the last one, the alias. _ is every alias.""", AliasCommands::delete),
            new Command("alias list", "", 0, "Lists the aliases.", AliasCommands::list),
            new Command("quota set", "<EMAIL ADDRESS> [<QUOTA>]", 1, """
                    Limits the mail of an account: a number with B, k, M, G or T (5G), or 0 for no limit.""", QuotaCommands::set),
            new Command("quota del", "<EMAIL ADDRESS>", 1, "Removes the limit of an account.", QuotaCommands::delete),
            new Command("dovecot-master add", "<USERNAME> [<PASSWORD>]", 1, """
                    Adds a master user, who logs in as user@example.com*USERNAME.""", MasterCommands::add),
            new Command(
                    "dovecot-master update",
                    "<USERNAME> [<PASSWORD>]",
                    1,
                    "Gives a master user another password.",
                    MasterCommands::update),
            new Command(
                    "dovecot-master del",
                    "<USERNAME> [<USERNAME>...]",
                    1,
                    "Removes master users.",
                    MasterCommands::delete),
            new Command("dovecot-master list", "", 0, "Lists the master users.", MasterCommands::list),
            new Command(
                    "config dkim", "[keysize N] [selector S] [domain D[,D...]]", 0, DkimCommand.HELP, DkimCommand::run),
            new Command("relay add-auth", "<DOMAIN> <USERNAME> [<PASSWORD>]", 2, """
                    The login at the relay for mail of a domain.""", RelayCommands::addAuth),
            new Command("relay add-domain", "<DOMAIN> <HOST> [<PORT>]", 2, """
                    The relay for mail of a domain; the port is 25 unless given.""", RelayCommands::addDomain),
            new Command("relay exclude-domain", "<DOMAIN>", 1, """
                    Mail of a domain does not take the relay of RELAY_HOST.""", RelayCommands::excludeDomain),
            new Command("fail2ban", "[ban <IP> | unban <IP> | log | status]", 0, """
                    Lists the networks that the running server does not listen to; bans one (192.0.2.1 or
                    192.0.2.0/24), or lifts a ban; shows failed logins and bans of the log.""", Fail2banCommands::run),
            new Command("debug fetchmail", "", 0, "Not here.", DebugCommands::fetchmail),
            new Command("debug getmail", "", 0, "Not here.", DebugCommands::getmail),
            new Command("debug login", "[<COMMAND>]", 0, "Not here: there is no container.", DebugCommands::login),
            new Command("debug show-mail-logs", "", 0, "Shows /var/log/mail/mail.log.", DebugCommands::showMailLogs));

    private final Site site;

    /// @param directory the config volume
    public SetupCommands(Path directory, Environment environment, Rooms rooms, Questions questions, Output output) {
        Report.Level level = Report.Level.of(environment.get("LOG_LEVEL"));
        this.site = new Site(
                new ConfigVolume(directory),
                environment,
                new Report(output.out(), output.err(), level),
                questions,
                rooms);
    }

    /// Where commands speak.
    public record Output(PrintStream out, PrintStream err) {}

    /// Runs one command.
    ///
    /// @return the exit code
    public int run(List<String> words) {
        if (words.isEmpty() || words.getFirst().isEmpty() || words.getFirst().matches("help|-h|--help")) {
            site.report().line(usage());
            return 0;
        }
        @Nullable Command command = command(words);
        if (command == null) {
            site.report().err().println("The command '" + String.join(" ", named(words)) + "' is invalid.");
            site.report().err().println("Use `setup help` to get an overview of all commands.");
            return INVALID;
        }
        int length = command.words().split(" ", -1).length;
        return run(command, words.subList(length, words.size()));
    }

    private int run(Command command, List<String> arguments) {
        boolean hasOwnHelp = command.words().equals("config dkim");
        if (!hasOwnHelp && !arguments.isEmpty() && arguments.getFirst().matches("help|-h")) {
            site.report().line(command.usage());
            return 0;
        }
        if (arguments.size() < command.least()) {
            site.report().line(command.usage());
            return 1;
        }
        warnOfDirectory(command);
        try {
            command.run().run(arguments, site);
            return 0;
        } catch (Refusal e) {
            if (e.showsUsage()) {
                site.report().line(command.usage());
            }
            site.report().error(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            site.report().error(ConfigFiles.why(e));
        }
        return 1;
    }

    /// What DMS calls the command: of a group that there is, its next word; else all that was typed.
    private static List<String> named(List<String> words) {
        boolean isGroup = ALL.stream()
                .anyMatch(command -> command.words().split(" ", 2)[0].equals(words.getFirst()));
        return isGroup ? words.subList(0, Math.min(2, words.size())) : words;
    }

    /// The files are edited all the same, as DMS does it.
    private void warnOfDirectory(Command command) {
        boolean isOfFiles = command.words().matches("(email (?!restrict|list)|alias |quota |dovecot-master ).*");
        if (isOfFiles && site.environment().get("ACCOUNT_PROVISIONER").equals("LDAP")) {
            site.report()
                    .warning("With ACCOUNT_PROVISIONER=LDAP accounts and aliases are in the directory: the files of '"
                            + command.words() + "' have no effect");
        }
    }

    private static @Nullable Command command(List<String> words) {
        for (Command command : ALL) {
            List<String> own = List.of(command.words().split(" ", -1));
            if (words.size() >= own.size() && words.subList(0, own.size()).equals(own)) {
                return command;
            }
        }
        return null;
    }

    static String usage(String words) {
        return ALL.stream()
                .filter(command -> command.words().equals(words))
                .findFirst()
                .orElseThrow()
                .usage();
    }

    private static String usage() {
        StringBuilder text = new StringBuilder("""
                setup - 'docker-mailserver' Administration & Configuration CLI

                This is the main administration command that you use for all your interactions with
                the mail server: the same commands, arguments and files as docker-mailserver's own.
                `setup COMMAND help` says more of one.

                """);
        for (Command command : ALL) {
            text.append("    setup ").append(command.words());
            if (!command.synopsis().isEmpty()) {
                text.append(' ').append(command.synopsis());
            }
            text.append('\n');
        }
        return text.toString().stripTrailing();
    }
}
