package postern.queue;

import java.util.ArrayList;
import java.util.List;
import postern.smtp.Recipient;

/// One delivery to be made: recipients of a job who share a next hop.
///
/// @param places of the recipients in the mail's list
/// @param recipients as they are to be delivered to, in the same order
record Entry(Job job, Destination destination, List<Integer> places, List<Recipient> recipients) {
    /// The deliveries that serve a group.
    static List<Entry> split(Job job, Destination destination, Routing.Group group) {
        int most = job.transport().limits().recipients();
        int count = group.places().size();
        if (most == 0 || count <= most) {
            return List.of(new Entry(job, destination, group.places(), group.recipients()));
        }
        List<Entry> entries = new ArrayList<>(deliveries(count, most));
        for (int from = 0; from < count; from += most) {
            int to = Math.min(count, from + most);
            List<Recipient> recipients = group.recipients().subList(from, to);
            entries.add(new Entry(job, destination, group.places().subList(from, to), recipients));
        }
        return entries;
    }

    /// How many deliveries `count` recipients of one next hop take, at most `most` (0: any number) in each.
    static int deliveries(int count, int most) {
        return most == 0 ? 1 : (count - 1) / most + 1;
    }

    ActiveMail mail() {
        return job.mail();
    }

    /// What became of each recipient, in their order.
    List<Report> reports(DeliveryResult result) {
        boolean isFinal = job.transport().agent().isFinal();
        List<Report> reports = new ArrayList<>(recipients.size());
        for (int i = 0; i < recipients.size(); i++) {
            reports.add(Report.of(recipients.get(i), result.statuses().get(i), isFinal));
        }
        return reports;
    }
}
