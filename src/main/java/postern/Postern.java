package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.admin.Commands;
import postern.config.ConfigException;
import postern.config.ConfigFiles;

/// The command line: `postern VERB [-c DIR] …`. Exit codes are those of sysexits(3): 0, 64 for a command line
/// that cannot be read, 69 for a server that is not there, 71 for what the system refuses, 75 for what may
/// work later, 78 for a configuration that cannot be used.
public final class Postern {
    private static final int EX_USAGE = 64;
    private static final int EX_OSERR = 71;
    private static final int EX_CONFIG = 78;

    /// What a verb does with its arguments; returns the exit code.
    @FunctionalInterface
    private interface Run {
        int run(Arguments arguments, PrintStream out) throws IOException;
    }

    private record Verb(String usage, String help, Run run) {}

    private static final Map<String, Verb> VERBS = verbs();

    private Postern() {}

    private static Map<String, Verb> verbs() {
        Map<String, Verb> verbs = new LinkedHashMap<>();
        verbs.put(
                "demo",
                new Verb(
                        "[--keep] [--port N]",
                        "both servers of the guide on loopback: a message in, an answer out",
                        Demo::run));
        verbs.put("public", new Verb("-c DIR [--port-offset N]", "run the public server", PublicProcess::run));
        verbs.put(
                "private",
                new Verb(
                        "-c CONFIG [--mail|--state DIR]",
                        "run the private server from a docker-mailserver volume (also --port-offset N)",
                        PrivateProcess::run));
        verbs.put(
                "export",
                new Verb(
                        PrivateExport.USAGE,
                        "write the mail as Maildirs or mbox files for other programs",
                        PrivateExport::run));
        verbs.put(
                "import",
                new Verb(
                        PrivateImport.USAGE,
                        "take mail over from Maildirs, mbox files or an IMAP server (docs/private.md)",
                        PrivateImport::run));
        verbs.put(
                "postconf",
                new Verb(
                        "-c DIR [-n|-d] [NAME ...]", "the settings, and what each does here", OperatorVerbs::postconf));
        verbs.put(
                "setup",
                new Verb(
                        "[-c CONFIG] COMMAND ...",
                        "docker-mailserver's setup: accounts, aliases, quotas, relays, DKIM keys",
                        SetupVerb::run));
        for (Commands.Row row : Commands.rows()) {
            verbs.put(
                    row.name(),
                    new Verb(
                            "-c DIR " + row.arguments(),
                            row.help(),
                            (arguments, out) -> OperatorVerbs.operate(row.name(), arguments, out)));
        }
        verbs.put(
                "restore",
                new Verb(
                        "-c CONFIG [--replace] FROM",
                        "bring back mailboxes and configuration from a backup (--verify FROM: only prove it)",
                        PrivateCommands::restore));
        verbs.put(
                "check",
                new Verb(
                        "-c DIR",
                        "whether a server would start, and queue and mailboxes are sound",
                        OperatorVerbs::check));
        return verbs;
    }

    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        List<String> words = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        if (args.length == 0 || args[0].matches("help|-h|--help")) {
            return help(words, out, err);
        }
        @Nullable Verb verb = VERBS.get(args[0]);
        if (verb == null) {
            return unknown(args[0], err);
        }
        boolean hasOwnHelp = args[0].matches("setup|import|export");
        if (!hasOwnHelp && (words.equals(List.of("-h")) || words.contains("--help"))) {
            return help(List.of(args[0]), out, err);
        }
        try {
            return verb.run().run(new Arguments(List.copyOf(words)), out);
        } catch (Arguments.Wrong e) {
            err.println("postern: " + e.getMessage() + "; usage: postern " + args[0] + " " + verb.usage());
            return EX_USAGE;
        } catch (ConfigException e) {
            err.println("postern: " + e.getMessage());
            return EX_CONFIG;
        } catch (IOException e) {
            err.println("postern: " + ConfigFiles.why(e));
            return EX_OSERR;
        }
    }

    /// All verbs, or one.
    private static int help(List<String> words, PrintStream out, PrintStream err) {
        if (words.isEmpty()) {
            usage(out);
            return 0;
        }
        @Nullable Verb verb = VERBS.get(words.getFirst());
        if (verb == null) {
            return unknown(words.getFirst(), err);
        }
        out.println("usage: postern " + words.getFirst() + " " + verb.usage() + ": " + verb.help());
        return 0;
    }

    private static int unknown(String word, PrintStream err) {
        err.println("postern: there is no verb \"" + word + "\"");
        usage(err);
        return EX_USAGE;
    }

    private static void usage(PrintStream to) {
        to.println("""
                usage: postern VERB ...
                DIR is a Postfix directory (/etc/postfix) of a public server, or CONFIG, docker-mailserver's config volume
                (/tmp/docker-mailserver), of a private one; then --mail DIR (/var/mail) and --state DIR (/var/mail-state) too.""");
        VERBS.forEach((name, verb) -> to.printf("  %-9s%-32s%s%n", name, verb.usage(), verb.help()));
    }
}
