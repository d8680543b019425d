package postern;

import java.util.List;
import java.util.stream.Stream;
import postern.cleanup.Cleanup;
import postern.cleanup.OwnClients;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.config.MasterService;
import postern.config.Parameter;
import postern.dns.NameServers;
import postern.handover.PassThrough;
import postern.lookup.MatchList;
import postern.policy.RateAnvil;
import postern.policy.RestrictionLists;
import postern.queue.Bounce;
import postern.queue.LogQueue;
import postern.queue.Retry;
import postern.queue.Scheduler;
import postern.queue.Transport;
import postern.queue.TransportLimits;
import postern.rewrite.AddressClasses;
import postern.rewrite.Canonical;
import postern.rewrite.LocalDomains;
import postern.rewrite.Routes;
import postern.rewrite.StandardForm;
import postern.rewrite.VirtualAlias;
import postern.sasl.ClientMechanisms;
import postern.sasl.ClientPasswords;
import postern.sasl.Introspection;
import postern.sasl.Logins;
import postern.sasl.ServerMechanisms;
import postern.smtp.client.LmtpParameters;
import postern.smtp.client.SmtpClient;
import postern.smtp.server.SmtpServer;
import postern.smtp.server.SmtpdTls;
import postern.tlspolicy.ClientContexts;
import postern.tlspolicy.TlsPolicyMaps;

/// The parameters of the public server: the list of the role. All are read at start, so that a value which
/// cannot be used is named before the first mail, not by it.
final class PublicParameters {
    static final List<Parameter<?>> ALL = Stream.of(
                    MainCf.PARAMETERS,
                    MasterCf.PARAMETERS,
                    Listening.PARAMETERS,
                    LogNames.PARAMETERS,
                    PublicProcess.PARAMETERS,
                    PublicSetup.PARAMETERS,
                    PublicTransports.PARAMETERS,
                    NameServers.PARAMETERS,
                    MatchList.PARAMETERS,
                    AddressClasses.PARAMETERS,
                    Canonical.PARAMETERS,
                    LocalDomains.PARAMETERS,
                    Routes.PARAMETERS,
                    StandardForm.PARAMETERS,
                    VirtualAlias.PARAMETERS,
                    SmtpServer.PARAMETERS,
                    SmtpdTls.PARAMETERS,
                    Logins.PARAMETERS,
                    Introspection.PARAMETERS,
                    ServerMechanisms.PARAMETERS,
                    RestrictionLists.PARAMETERS,
                    RateAnvil.PARAMETERS,
                    Cleanup.PARAMETERS,
                    OwnClients.PARAMETERS,
                    PassThrough.PARAMETERS,
                    LogQueue.PARAMETERS,
                    Scheduler.PARAMETERS,
                    Retry.PARAMETERS,
                    Bounce.PARAMETERS,
                    Transport.PARAMETERS,
                    TransportLimits.PARAMETERS,
                    SmtpClient.PARAMETERS,
                    LmtpParameters.PARAMETERS,
                    ClientPasswords.PARAMETERS,
                    ClientMechanisms.PARAMETERS,
                    ClientContexts.PARAMETERS,
                    TlsPolicyMaps.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    private PublicParameters() {}

    /// Reads all of them, as main.cf has them and as each line of master.cf sees them.
    ///
    /// @throws postern.config.ConfigException naming every value that cannot be used
    static void readAll(MainCf conf, MasterCf master) {
        conf.readAll(ALL);
        Stream.concat(master.listeners(conf).stream(), master.transports().stream())
                .filter(line -> !line.options().isEmpty())
                .forEach((MasterService line) -> master.configure(conf, line).readAll(ALL));
    }
}
