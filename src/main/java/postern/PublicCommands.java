package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import postern.admin.ControlClient;
import postern.admin.StoppedQueue;
import postern.admin.Terminal;
import postern.config.MainCf;
import postern.config.Postconf;
import postern.log.MailLog;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.queue.EmptyQueue;
import postern.queue.LogQueue;
import postern.queue.Operator;
import postern.sasl.HashPool;

/// The verbs of the command line that are about a public server: to look at its configuration, and to operate
/// it.
final class PublicCommands {
    static final StoppedQueue NO_QUEUE = use -> use.with(new Operator(new EmptyQueue(), null, null, MailLog.none()));

    private PublicCommands() {}

    /// The control socket of the server with this configuration.
    static Path controlSocket(MainCf conf) {
        return queueDirectory(conf).resolve("control");
    }

    /// Where a server keeps its bans over a restart.
    static Path bansFile(MainCf conf) {
        return queueDirectory(conf).resolve("bans");
    }

    /// Where a server keeps the keys for SCRAM that logins have made.
    static Path learnedFile(MainCf conf) {
        return queueDirectory(conf).resolve("scram-keys");
    }

    private static Path queueDirectory(MainCf conf) {
        return conf.file(conf.get(LogQueue.QUEUE_DIRECTORY)).resolve("postern");
    }

    /// `postern postconf -c DIR [-n|-d] [name …]`
    static int postconf(Arguments arguments, PrintStream out) throws IOException {
        Path directory = arguments.path("-c", "/etc/postfix");
        boolean set = arguments.flag("-n");
        boolean defaults = arguments.flag("-d");
        Postconf.Show show = defaults ? Postconf.Show.DEFAULTS : set ? Postconf.Show.SET : Postconf.Show.ALL;
        List<String> unknown = new Postconf(MainCf.load(directory)).print(show, arguments.words(), out);
        unknown.forEach(name -> out.println("postconf: warning: " + name + ": unknown parameter"));
        return unknown.isEmpty() ? 0 : 1;
    }

    /// `postern check -c DIR`: whether a server would start; with a queue that nobody has open, whether each
    /// message can be read.
    static int check(Arguments arguments, PrintStream out) throws IOException {
        Path directory = arguments.path("-c", "/etc/postfix");
        arguments.end();
        Configured configured = Configured.of(directory);
        MainCf conf = configured.conf();
        PublicServer.rehearse(configured, (service, text) -> out.println(text));
        return operate(conf, List.of("check"), stopped(conf), out);
    }

    /// `postern mailq|flush|… -c DIR …`
    static int operate(String verb, Arguments arguments, PrintStream out) throws IOException {
        Path directory = arguments.path("-c", "/etc/postfix");
        List<String> words = new ArrayList<>(List.of(verb));
        words.addAll(arguments.words());
        MainCf conf = MainCf.load(directory);
        return operate(conf, words, stopped(conf), out);
    }

    /// Asks the running server, or does it when none runs.
    ///
    /// @param words the verb and its arguments
    static int operate(MainCf conf, List<String> words, StoppedQueue stopped, PrintStream out) {
        return operate(conf, words, stopped, new Terminal(System.in, out, System.err));
    }

    static int operate(MainCf conf, List<String> words, StoppedQueue stopped, Terminal terminal) {
        try (Deadlines deadlines = new Deadlines(new Uptime()).start()) {
            return new ControlClient(controlSocket(conf), new DirectDialer(deadlines), stopped, terminal)
                    .run(words)
                    .code();
        }
    }

    /// The queue of a server that does not run. Where none ever ran, none is made: it would belong to whoever
    /// asks, and not to the server's user.
    static StoppedQueue stopped(MainCf conf) {
        if (Files.notExists(queueDirectory(conf))) {
            return NO_QUEUE;
        }
        return use -> {
            try (ExecutorService pool = HashPool.open();
                    LogQueue queue = LogQueue.open(conf, InstantSource.system(), MailLog.none(), pool)) {
                return use.with(new Operator(queue, null, null, MailLog.none()));
            }
        };
    }
}
