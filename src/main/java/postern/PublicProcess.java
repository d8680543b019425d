package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.config.Parameter;
import postern.log.LogFile;
import postern.log.LogWriter;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import sun.misc.Signal;

/// `postern public`: the server as a process, with its log and its signals. SIGHUP opens the log again and
/// takes the configuration anew; SIGTERM and SIGINT end it in order.
final class PublicProcess {
    static final Parameter<String> MAILLOG_FILE =
            Parameter.text("maillog_file", "").doc("The log; empty, or a file that cannot be written: standard error.");

    static final List<Parameter<?>> PARAMETERS = List.of(MAILLOG_FILE);

    private PublicProcess() {}

    static int run(Arguments arguments, PrintStream out) throws IOException {
        Path directory = arguments.path("-c", "/etc/postfix");
        int portOffset = arguments.ports("--port-offset");
        arguments.end();
        MainCf conf = MainCf.load(directory);
        MasterCf master = MasterCf.load(directory);
        LogWriter log = log(conf);
        if (System.getProperty("user.name", "").equals("root")) {
            log.warning(
                    "postern", "running as root, which is not needed: systemd/postern-public.service shows how not to");
        }
        Deadlines deadlines = new Deadlines(new Uptime()).start();
        PublicServer server;
        try {
            server = PublicServer.start(
                    conf,
                    master,
                    new PublicServer.Surroundings(log, new DirectDialer(deadlines), deadlines, portOffset));
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
        Signal.handle(new Signal("HUP"), signal -> {
            log.reopen();
            server.reload();
        });
        Runnable stop = () -> {
            server.close();
            log.info("master", "terminating");
            log.close();
        };
        try {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(stop));
        } catch (IllegalStateException e) {
            stop.run(); // the signal came while the server started
            return 0;
        }
        log.info("master", "daemon started -- configuration " + directory + ", listening on " + server.listening());
        waitForever();
        return 0;
    }

    /// The server's threads do not keep the process alive: this one does, until a signal ends it.
    private static void waitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing here is ever interrupted", e);
        }
    }

    private static LogWriter log(MainCf conf) {
        String file = conf.get(MAILLOG_FILE);
        @Nullable Path path = file.isEmpty() ? null : conf.file(file);
        String host = conf.get(MainCf.MYHOSTNAME);
        int dot = host.indexOf('.');
        return new LogWriter(
                new LogFile(path, System.err),
                conf.get(LogNames.SYSLOG_NAME),
                dot < 0 ? host : host.substring(0, dot),
                InstantSource.system());
    }
}
