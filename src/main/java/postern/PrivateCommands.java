package postern;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.admin.Exit;
import postern.admin.StoppedQueue;
import postern.admin.Terminal;
import postern.config.MainCf;
import postern.config.Postconf;
import postern.dms.DmsConfig;
import postern.mailbox.backup.Restore;

/// The verbs of the command line that are about a private server.
final class PrivateCommands {
    private static final String MAIL = "/var/mail";
    private static final String STATE = "/var/mail-state";

    /// Verbs that need no queue.
    private static final Set<String> OF_MAILBOXES = Set.of("usage", "purge", "backup");

    private PrivateCommands() {}

    /// Where things lie: `-c`, `--mail` and `--state`, as `postern private` takes them.
    static PrivateServer.Places places(Arguments arguments) {
        return new PrivateServer.Places(
                arguments.path("-c", OperatorVerbs.VOLUME),
                arguments.path("--mail", MAIL),
                arguments.path("--state", STATE),
                System.getenv());
    }

    /// The same, for who needs nothing but names: the usual directories need not be there before a server ran.
    static PrivateServer.Places places(Path config, Arguments arguments) {
        return new PrivateServer.Places(
                config, place(arguments, "--mail", MAIL), place(arguments, "--state", STATE), System.getenv());
    }

    private static Path place(Arguments given, String option, String usual) {
        return given.has(option) ? given.path(option, usual) : Path.of(usual);
    }

    /// `postern postconf -c CONFIG [-n|-d] [name …]`: what the volume comes to, as main.cf text.
    static int postconf(Arguments arguments, PrintStream out) throws IOException {
        PrivateServer.Places places = places(arguments.path("-c", OperatorVerbs.VOLUME), arguments);
        boolean set = arguments.flag("-n");
        boolean defaults = arguments.flag("-d");
        Postconf.Show show = defaults ? Postconf.Show.DEFAULTS : set ? Postconf.Show.SET : Postconf.Show.ALL;
        MainCf main = DmsConfig.look(places.config(), places.environment(), places.state())
                .conf();
        List<String> unknown = new Postconf(main).print(show, arguments.words(), out);
        unknown.forEach(name -> out.println("postconf: warning: " + name + ": unknown parameter"));
        return unknown.isEmpty() ? 0 : 1;
    }

    /// `postern check -c CONFIG`: whether a server would start; whether each message in the queue can be read;
    /// whether all holds that must hold of the mailboxes.
    static int check(Arguments arguments, PrintStream out) throws IOException {
        PrivateServer.Places places = places(arguments);
        arguments.end();
        PrivateRehearsal.run(places, (service, text) -> out.println(text));
        return operate(places, List.of("check"), new Terminal(System.in, out, System.err));
    }

    /// `postern restore -c CONFIG [--mail DIR] [--replace] FROM`, and `postern restore --verify FROM`.
    static int restore(Arguments arguments, PrintStream out) throws IOException {
        boolean verifies = arguments.flag("--verify");
        boolean replaces = arguments.flag("--replace");
        PrivateServer.@Nullable Places places =
                verifies ? null : places(arguments.path("-c", OperatorVerbs.VOLUME), arguments);
        Path from = Path.of(arguments.only("the directory of a backup")).toAbsolutePath();
        try {
            Restore backup = Restore.of(from);
            out.println(backup.summary());
            if (places != null) {
                Restore.Places to =
                        new Restore.Places(places.store(), PrivateMailroom.CONFIG, places.config(), replaces);
                backup.run(to, InstantSource.system(), out::println);
            }
            return 0;
        } catch (Restore.Refused e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> System.err.println("postern: " + line));
            return Exit.UNAVAILABLE.code();
        }
    }

    /// `postern mailq|flush|… -c CONFIG …`
    static int operate(String verb, Arguments arguments, PrintStream out) {
        PrivateServer.Places places = places(arguments);
        List<String> words = new ArrayList<>(List.of(verb));
        arguments
                .words()
                .forEach(word -> words.add(
                        verb.equals("backup")
                                ? Path.of(word).toAbsolutePath().normalize().toString()
                                : word));
        return operate(places, words, new Terminal(System.in, out, System.err));
    }

    /// Asks the running server, or does it when none runs.
    static int operate(PrivateServer.Places places, List<String> words, Terminal terminal) {
        MainCf conf = DmsConfig.queue(places.config(), places.state());
        StoppedQueue queue =
                OF_MAILBOXES.contains(words.getFirst()) ? PublicCommands.NO_QUEUE : PublicCommands.stopped(conf);
        PrivateStopped stopped = new PrivateStopped(queue, places.config(), places.store());
        return PublicCommands.operate(conf, words, stopped, terminal);
    }

    /// What a command says on standard output, line by line.
    ///
    /// @throws IOException with what it said on standard error, when it did not end well
    static List<String> ask(PrivateServer.Places places, List<String> words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = operate(
                places,
                words,
                new Terminal(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)));
        if (code != 0) {
            throw new IOException(err.toString(StandardCharsets.UTF_8).strip().replaceFirst("^postern: ", ""));
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
