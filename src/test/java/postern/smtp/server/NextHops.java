package postern.smtp.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.cleanup.Cleanup;
import postern.cleanup.OwnClients;
import postern.config.MainCf;
import postern.handover.Notices;
import postern.handover.PassThrough;
import postern.handover.Way;
import postern.log.MailLog;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.queue.DeliveryStatus;
import postern.queue.Mail;
import postern.queue.Report;
import postern.queue.SimLedger;
import postern.rewrite.LocalDomains;
import postern.smtp.Intake;
import postern.smtp.Peer;
import postern.smtp.client.ClientSetup;
import postern.smtp.client.ScriptedPeer;
import postern.smtp.client.SmtpClient;
import postern.transcript.VirtualTime;

/// What stands behind a server that hands over: the n-th connection meets the n-th script. Names and MX are
/// those of [ClientSetup]; those of `relay_domains` are ours.
final class NextHops {
    private final List<StringBuilder> scripts = new ArrayList<>();
    private final Path directory;
    private final Map<String, String> settings;
    private final List<String> log;
    private final VirtualTime time;
    private boolean scripted;
    private @Nullable ScriptedPeer peer;

    /// @param directory for files
    /// @param settings as they are when the first client comes
    NextHops(Path directory, Map<String, String> settings, List<String> log, VirtualTime time) {
        this.directory = directory;
        this.settings = settings;
        this.log = log;
        this.time = time;
    }

    /// One more step of a connection.
    void add(int connection, String step) {
        scripted = true;
        if (step.equals("nobody")) {
            return;
        }
        while (scripts.size() < connection) {
            scripts.add(new StringBuilder());
        }
        scripts.get(connection - 1).append(step).append('\n');
    }

    /// Whether there are any.
    boolean isScripted() {
        return scripted;
    }

    /// Hands over, as `postern_handover = through` does.
    Intake intake() throws IOException {
        MailLog keep = (service, text) -> log.add(service + ": " + text);
        ScriptedPeer behind =
                new ScriptedPeer(scripts.stream().map(StringBuilder::toString).toArray(String[]::new));
        peer = behind;
        ClientSetup setup = new ClientSetup().set("smtp_connection_cache_on_demand", "no");
        settings.forEach(setup::set);
        SmtpClient client = setup.client(behind);
        MainCf conf = MainCf.of(directory, settings);
        Tables tables = new Tables(TableContext.of(conf));
        List<String> ours = List.of(settings.getOrDefault("relay_domains", "").split("[ ,]+", -1));
        Way.Finder ways = (sender, recipient) -> {
            String domain = recipient.domain() == null ? "" : recipient.domain().text();
            return new Way.To(client, "postfix/smtp", domain, recipient, ours.contains(domain), 0);
        };
        PassThrough through = new PassThrough(
                conf, new PassThrough.Behind(ways, new SimLedger().ledger(), new NoticeLog(log)), keep, time);
        return new Cleanup(
                conf,
                new Cleanup.Services(keep, through, new OwnClients(conf, tables), time),
                tables,
                new LocalDomains(conf, tables));
    }

    /// Waits until all have played their scripts; they must have met what those say.
    void check() {
        ScriptedPeer present = peer;
        try {
            if (present != null && !present.errors().isEmpty()) {
                throw new AssertionError("behind the server: " + present.errors());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Notices are taken at once; those of 192.168.2.0/24 are our clients.
    private record NoticeLog(List<String> log) implements Notices {
        @Override
        public boolean knows(Peer client) {
            return client.address().startsWith("192.168.2.");
        }

        @Override
        public boolean refused(Mail mail, List<Report> reports, ByteBuffer header) {
            for (Report report : reports) {
                String why = report.status() instanceof DeliveryStatus.Bounced bounced ? bounced.text() : "relayed";
                log.add("notice: " + report.recipient().address() + " " + why);
            }
            return true;
        }
    }
}
