package postern;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import postern.log.LogWriter;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Endpoint;
import postern.net.Uptime;
import sun.misc.Signal;

/// A server as a process, with its log and its signals. SIGHUP opens the log again and takes the configuration
/// anew; SIGTERM and SIGINT end it in order.
final class ServerProcess {
    /// A server that runs.
    interface Running extends Closeable {
        /// Takes the configuration anew; returns why it could not be used, or empty.
        String reload();

        List<Endpoint> listening();

        @Override
        void close();
    }

    /// Starts a server.
    @FunctionalInterface
    interface Start {
        Running start(PublicServer.Surroundings around) throws IOException;
    }

    private ServerProcess() {}

    /// Runs until a signal ends it; returns the exit code.
    ///
    /// @param configuration what the log says that it runs with
    static int run(LogWriter log, int portOffset, String configuration, Start start) throws IOException {
        Deadlines deadlines = new Deadlines(new Uptime()).start();
        Running server;
        try {
            server =
                    start.start(new PublicServer.Surroundings(log, new DirectDialer(deadlines), deadlines, portOffset));
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
        log.info("master", "daemon started -- configuration " + configuration + ", listening on " + server.listening());
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
}
