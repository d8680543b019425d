package postern;

import java.io.IOException;
import java.io.PrintStream;
import postern.config.ConfigException;
import postern.dms.DmsConfig;
import postern.log.LogWriter;

/// `postern private`: the private server as a process.
final class PrivateProcess {
    private PrivateProcess() {}

    static int run(Arguments arguments, PrintStream out) throws IOException {
        PrivateServer.Places places = PrivateCommands.places(arguments);
        int portOffset = arguments.ports("--port-offset");
        arguments.end();
        if (OperatorVerbs.isPostfix(places.config()) && !OperatorVerbs.isVolume(places.config())) {
            throw new ConfigException(
                    places.config() + " is a Postfix directory: postern public -c " + places.config());
        }
        DmsConfig dms = places.read();
        LogWriter log = PublicProcess.log(dms.conf());
        PublicProcess.warnOfRoot(log, "systemd/postern-private.service");
        return ServerProcess.run(
                log, portOffset, places.config().toString(), around -> PrivateServer.start(dms, places, around));
    }
}
