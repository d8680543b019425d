package postern.handover;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import postern.queue.Mail;
import postern.queue.Report;
import postern.smtp.Peer;

/// Where notices go in tests.
final class NoticeBox implements Notices {
    /// Of refused recipients: `b@d2.example: 554 5.7.1 Spam: ` and the text at hand.
    final List<String> refused = new ArrayList<>();
    /// Of recipients whose mail went on.
    final List<String> relayed = new ArrayList<>();

    boolean takes = true;
    boolean knows = true;

    @Override
    public boolean knows(Peer client) {
        return knows;
    }

    @Override
    public boolean refused(Mail mail, List<Report> reports, ByteBuffer header) {
        reports.forEach(report -> refused.add(note(report, header)));
        return takes;
    }

    @Override
    public void relayed(Mail mail, List<Report> reports, ByteBuffer header) {
        reports.forEach(report -> relayed.add(note(report, header)));
    }

    private static String note(Report report, ByteBuffer header) {
        return report.recipient().address().internal() + ": " + report.status().text() + ": "
                + StandardCharsets.UTF_8.decode(header.duplicate());
    }
}
