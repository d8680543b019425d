package postern;

import java.nio.ByteBuffer;
import java.util.List;
import postern.handover.Notices;
import postern.lookup.Tables;
import postern.policy.HostList;
import postern.queue.Bounce;
import postern.queue.Mail;
import postern.queue.Report;
import postern.smtp.Peer;

/// What senders are told of mail that was handed over: at once, through the same door as all mail.
final class PublicNotices implements Notices {
    private final Bounce bounce;
    private final HostList mynetworks;

    PublicNotices(Bounce bounce, Tables tables) {
        this.bounce = bounce;
        this.mynetworks = HostList.mynetworks(tables);
    }

    @Override
    public boolean knows(Peer client) {
        return !client.login().isEmpty() || mynetworks.has(client.name(), client.inetAddress());
    }

    @Override
    public boolean refused(Mail mail, List<Report> reports, ByteBuffer header) {
        return bounce.refused(mail, reports, header);
    }

    /// Only known senders are told: a stranger's sender address may be anybody's.
    @Override
    public void relayed(Mail mail, List<Report> reports, ByteBuffer header) {
        if (knows(mail.peer())) {
            bounce.relayed(mail, reports, header);
        }
    }
}
