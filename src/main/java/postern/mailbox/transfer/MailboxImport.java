package postern.mailbox.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxStore.Arrival;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.transfer.Report.Count;

/// Takes one mailbox over.
final class MailboxImport {
    private static final int BATCH = 250;
    private static final long BATCH_BYTES = 8L << 20;
    private static final long LARGEST = 1L << 30;

    private final Target target;
    private final AccountName account;
    private final ForeignMailbox foreign;
    private final Journal journal;
    private final Report report;

    MailboxImport(Target target, AccountName account, ForeignMailbox foreign, Journal journal, Report report) {
        this.target = target;
        this.account = account;
        this.foreign = foreign;
        this.journal = journal;
        this.report = report;
    }

    /// @throws StoreFailure when the store can take no more
    /// @throws IOException when nothing more can be read over there
    void run(ForeignMailbox.Index index) throws IOException {
        Mailbox mailbox = target.mailbox(account, foreign, index.validity());
        boolean isSame = mailbox.validity().equals(index.validity());
        if (journal.validity() != mailbox.validity().value()) {
            journal.clear();
        } else if (journal.isOpen()) {
            forgetWhatDidNotCome(mailbox);
        }
        List<ForeignMessage> fresh = fresh(index);
        if (isSame && mailbox.messages() > 0) {
            adopt(mailbox, fresh);
        }
        takeFlags(mailbox, index);
        take(mailbox, new Plan(index, isSame, mailbox.next().value()).of(fresh));
        if (isSame) {
            target.passUids(mailbox, new Uid(index.next()));
        }
        journal.end(mailbox.validity().value());
    }

    /// What is new over there.
    private List<ForeignMessage> fresh(ForeignMailbox.Index index) {
        List<ForeignMessage> fresh = new ArrayList<>();
        Set<String> present = new HashSet<>();
        for (ForeignMessage message : index.messages()) {
            present.add(message.key());
            if (journal.row(message) == null) {
                fresh.add(message);
            }
        }
        long gone = journal.rows().stream()
                .filter(row -> !present.contains(row.key()))
                .count();
        report.add(Count.GONE, gone);
        report.add(Count.THERE, index.messages().size() - fresh.size());
        return fresh;
    }

    /// The last import was ended half-way: what had been about to come and is not here is to come again.
    private void forgetWhatDidNotCome(Mailbox mailbox) throws IOException {
        Map<Long, MessageRef> here = here(mailbox);
        List<Journal.Row> missing = journal.rows().stream()
                .filter(row -> !isRow(row, here.get(row.uid())))
                .toList();
        missing.forEach(row -> journal.remove(row.key()));
    }

    /// A message that was delivered meanwhile, and got a UID that was planned for another, has another date.
    private static boolean isRow(Journal.Row row, @Nullable MessageRef message) {
        return message != null
                && message.arrival().equals(row.instant())
                && message.front().isEmpty();
    }

    private Map<Long, MessageRef> here(Mailbox mailbox) throws IOException {
        Map<Long, MessageRef> here = new HashMap<>();
        for (MessageRef message : target.messages(mailbox)) {
            here.put(message.uid().value(), message);
        }
        return here;
    }

    /// What came by another way (IMAP before, a tree now), or before the journal was lost, is here under its UID.
    private void adopt(Mailbox mailbox, List<ForeignMessage> fresh) throws IOException {
        if (fresh.isEmpty()) {
            return;
        }
        Map<Long, MessageRef> here = here(mailbox);
        for (ForeignMessage message : List.copyOf(fresh)) {
            MessageRef there = here.get(message.uid());
            if (there != null && isRow(Journal.Row.of(message, message.uid()), there)) {
                Flags common = message.flags().without(message.flags().without(there.flags()));
                journal.put(new Journal.Row(
                        message.key(), message.uid(), message.arrival().getEpochSecond(), common));
                fresh.remove(message);
                report.add(Count.THERE, 1);
            }
        }
    }

    /// Which flags came and went over there since the last time: the same is done here, to all messages at once
    /// that it is the same for.
    private void takeFlags(Mailbox mailbox, ForeignMailbox.Index index) throws IOException {
        Map<FlagChange, List<Uid>> changes = new HashMap<>();
        for (ForeignMessage message : index.messages()) {
            Journal.Row row = journal.row(message);
            if (row != null && !row.flags().equals(message.flags())) {
                changes.computeIfAbsent(FlagChange.between(row.flags(), message.flags()), change -> new ArrayList<>())
                        .add(new Uid(row.uid()));
                journal.put(new Journal.Row(row.key(), row.uid(), row.arrival(), message.flags()));
            }
        }
        for (Map.Entry<FlagChange, List<Uid>> change : changes.entrySet()) {
            target.flags(
                    mailbox,
                    change.getValue(),
                    change.getKey().came(),
                    change.getKey().went());
            report.add(Count.FLAGS, change.getValue().size());
        }
    }

    /// Takes messages, in this order, each with the UID that is planned for it.
    private void take(Mailbox mailbox, List<Plan.Planned> planned) throws IOException {
        planned.forEach(one -> journal.put(Journal.Row.of(one.message(), one.uid())));
        if (!planned.isEmpty()) {
            journal.begin(mailbox.validity().value());
        }
        try (Batch batch = new Batch(planned)) {
            for (int from = 0; from < planned.size(); from += BATCH) {
                List<ForeignMessage> some = planned.subList(from, Math.min(from + BATCH, planned.size())).stream()
                        .map(Plan.Planned::message)
                        .toList();
                foreign.read(some, batch);
                batch.commit();
            }
        }
    }

    /// Messages that are committed together.
    private final class Batch implements ForeignMailbox.Reader, AutoCloseable {
        private final Map<String, Plan.Planned> planned = new HashMap<>();
        private final List<Arrival> arrivals = new ArrayList<>();
        private final byte[] piece = new byte[32 << 10];
        private long bytes;
        private long last;

        Batch(List<Plan.Planned> all) {
            all.forEach(one -> planned.put(one.message().key(), one));
        }

        @Override
        public void text(ForeignMessage message, InputStream text) throws IOException {
            Plan.Planned plan = planned.get(message.key());
            if (plan == null) {
                return;
            }
            if (plan.uid() <= last) {
                unreadable(message, "it came out of its order: it is taken the next time");
                return;
            }
            Incoming incoming = target.incoming();
            boolean kept = false;
            try {
                kept = copy(message, text, incoming);
                if (kept) {
                    last = plan.uid();
                    arrivals.add(new Arrival(
                            incoming,
                            new Incoming.Place(
                                    account,
                                    foreign.name(),
                                    "",
                                    message.flags(),
                                    message.arrival(),
                                    plan.uid(),
                                    plan.popId())));
                }
            } finally {
                if (!kept) {
                    incoming.close();
                }
            }
            if (bytes >= BATCH_BYTES) {
                commit();
            }
        }

        private boolean copy(ForeignMessage message, InputStream text, Incoming incoming) throws IOException {
            long size = 0;
            while (true) {
                int count;
                try {
                    count = text.read(piece, 0, piece.length);
                } catch (IOException e) {
                    unreadable(message, Why.of(e));
                    return false;
                }
                if (count < 0) {
                    bytes += size;
                    report.add(Count.BYTES, size);
                    return true;
                }
                size += count;
                if (size > LARGEST) {
                    unreadable(message, "it is larger than 1 GB");
                    return false;
                }
                Target.write(incoming, ByteBuffer.wrap(piece, 0, count));
            }
        }

        @Override
        public void unreadable(ForeignMessage message, String why) {
            journal.remove(message.key());
            report.problem(account + " " + foreign.name(), message.key() + ": " + why);
        }

        @Override
        public void gone(ForeignMessage message) {
            journal.remove(message.key());
        }

        void commit() throws IOException {
            target.commit(arrivals);
            report.add(Count.TAKEN, arrivals.size());
            close();
        }

        @Override
        public void close() {
            arrivals.forEach(arrival -> arrival.message().close());
            arrivals.clear();
            bytes = 0;
        }
    }

    /// What became of the flags of a message.
    private record FlagChange(Flags came, Flags went) {
        static FlagChange between(Flags before, Flags after) {
            return new FlagChange(after.without(before), before.without(after));
        }
    }
}
