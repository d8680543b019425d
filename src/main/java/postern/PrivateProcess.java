package postern;

import java.io.IOException;
import java.io.PrintStream;
import postern.dms.DmsConfig;

/// `postern private`: the private server as a process.
final class PrivateProcess {
    private PrivateProcess() {}

    static int run(Arguments arguments, PrintStream out) throws IOException {
        PrivateServer.Places places = PrivateCommands.places(arguments);
        int portOffset = arguments.ports("--port-offset");
        arguments.end();
        DmsConfig dms = places.read();
        return ServerProcess.run(
                PublicProcess.log(dms.conf()),
                portOffset,
                places.config().toString(),
                around -> PrivateServer.start(dms, places, around));
    }
}
