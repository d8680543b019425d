package postern;

import java.util.List;
import java.util.stream.Stream;
import postern.config.Parameter;
import postern.pop3.server.Pop3Server;

/// The parameters of the private server: those of the public one, and of the rooms that only it has.
final class PrivateParameters {
    static final List<Parameter<?>> ALL = Stream.of(PublicParameters.ALL, Pop3Server.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    private PrivateParameters() {}
}
