package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.config.Parameter;
import postern.log.LogFile;
import postern.log.LogWriter;
import postern.log.MailLog;

/// `postern public`: the public server as a process.
final class PublicProcess {
    static final Parameter<String> MAILLOG_FILE =
            Parameter.text("maillog_file", "").doc("The log; empty, or a file that cannot be written: standard error.");

    static final List<Parameter<?>> PARAMETERS = List.of(MAILLOG_FILE);

    private PublicProcess() {}

    static int run(Arguments arguments, PrintStream out) throws IOException {
        Path directory = arguments.path("-c", "/etc/postfix");
        int portOffset = arguments.ports("--port-offset");
        arguments.end();
        if (!OperatorVerbs.isPostfix(directory) && OperatorVerbs.isVolume(directory)) {
            throw new ConfigException(
                    directory + " is docker-mailserver's config volume: postern private -c " + directory);
        }
        MainCf conf = MainCf.load(directory);
        MasterCf master = MasterCf.load(directory);
        LogWriter log = log(conf);
        warnOfRoot(log, "systemd/postern-public.service");
        return ServerProcess.run(
                log, portOffset, directory.toString(), around -> PublicServer.start(conf, master, around));
    }

    /// @param unit shows how not to
    static void warnOfRoot(MailLog log, String unit) {
        if (System.getProperty("user.name", "").equals("root")) {
            log.warning("postern", "running as root, which is not needed: " + unit + " shows how not to");
        }
    }

    /// The log that a configuration names.
    static LogWriter log(MainCf conf) {
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
