package postern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.cleanup.Outlet;
import postern.config.ConfigException;
import postern.delivery.ErrorDelivery;
import postern.dms.DmsConfig;
import postern.dms.SigningFiles;
import postern.log.MailLog;
import postern.mailauth.SigningTables;
import postern.queue.DeliveryAgent;
import postern.rewrite.Routes;

/// A start of the private server without mailboxes, queue and sockets: what the configuration says to it. The
/// tables are made in a directory of their own, so that a running server does not notice.
final class PrivateRehearsal {
    private PrivateRehearsal() {}

    /// @param log gets the warnings, and what a start says
    /// @throws ConfigException for a configuration that a start would refuse
    static void run(PrivateServer.Places places, MailLog log) throws IOException {
        Path made = Files.createTempDirectory("postern-check");
        try {
            rehearse(
                    DmsConfig.read(places.config(), places.environment(), made),
                    (service, text) -> log.info(service, named(text, made, places)));
        } catch (ConfigException e) {
            throw new ConfigException(named(String.valueOf(e.getMessage()), made, places), e);
        } finally {
            try (Stream<Path> files = Files.walk(made)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.delete(file);
                }
            }
        }
    }

    /// A server would have it in its own place.
    private static String named(String text, Path made, PrivateServer.Places places) {
        return text.replace(made.toString(), places.state().toString());
    }

    private static void rehearse(DmsConfig dms, MailLog log) {
        dms.warnings().forEach(line -> log.warning("postern", line));
        dms.conf().readAll(PrivateParameters.ALL);
        SigningTables keys = new SigningTables(SigningFiles.of(dms), InstantSource.system(), log);
        PublicServer.rehearse(
                new Configured(
                        dms.conf(),
                        dms.master(),
                        new Signed(new NoMailboxes(), keys, InstantSource.system(), log),
                        PrivateProvisioner.of(dms, InstantSource.system(), log).provisioner()),
                log);
        dms.announcements().forEach(line -> log.info("postern", line));
    }

    /// Nothing is delivered in a rehearsal.
    private static final class NoMailboxes implements Inside {
        @Override
        public Outlet.Opener outlet(Outlet.Opener queue, Routes routes) {
            return queue;
        }

        @Override
        public @Nullable DeliveryAgent agent(String program) {
            return program.equals("mailbox") ? ErrorDelivery.error() : null;
        }
    }
}
