package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;
import postern.queue.Disk.DiskFile;
import postern.smtp.HandoverId;

/// Finds out at start what the queue holds: from the footers of closed segments, and from the records of the
/// one that was open, whose torn tail it cuts. The rows are gone through twice, because a message that was
/// copied forward lies behind the record that says what became of it.
final class Recovery {
    private final Disk disk;
    private final Catalog catalog;
    private final LogReader reader;
    private final InstantSource clock;
    private final MailLog log;
    private final List<Moved> moved = new ArrayList<>();
    private final Map<QueueId, Kept.Place> underIds = new LinkedHashMap<>();
    private long lastId;

    /// A message that is gone although a copy of it, which its DONE record does not know of, is there.
    ///
    /// @param segment that holds the copy
    record Moved(QueueId id, Segment segment) {}

    Recovery(Disk disk, Catalog catalog, LogReader reader, InstantSource clock, MailLog log) {
        this.disk = disk;
        this.catalog = catalog;
        this.reader = reader;
        this.clock = clock;
        this.log = log;
    }

    /// The highest queue id found.
    long lastId() {
        return lastId;
    }

    /// Messages that need another DONE record before anything is unlinked.
    List<Moved> moved() {
        return moved;
    }

    /// The ids of hand-overs in MAIL records that are not known yet, also of messages that are gone.
    List<HandoverId> handovers() throws IOException {
        List<HandoverId> ids = new ArrayList<>();
        for (Map.Entry<QueueId, Kept.Place> entry : underIds.entrySet()) {
            try {
                HandoverId id = MailCodec.handover(
                        reader.mail(entry.getValue()).record().envelope());
                if (id != null) {
                    ids.add(id);
                }
            } catch (DamagedException e) {
                log.warning("postern", "queue: the hand-over id of " + entry.getKey() + " is lost: " + e.getMessage());
            }
        }
        underIds.clear();
        return ids;
    }

    /// @param covered the ids of hand-overs in segments before this one are known
    void run(int covered) throws IOException {
        TreeSet<SegmentName> names = new TreeSet<>();
        for (String file : disk.list()) {
            SegmentName name = SegmentName.parse(file);
            if (name != null) {
                names.add(name);
            }
        }
        for (SegmentName name : names) {
            open(name);
        }
        List<Segment> segments = List.copyOf(catalog.segments().all());
        for (Segment segment : segments) {
            forEachRow(segment, this::mailOrDone);
            if (segment.name().major() >= covered) {
                forEachRow(segment, this::underId);
            }
        }
        for (Segment segment : segments) {
            segment.usage().contentWritten(segment.bytes());
            forEachRow(segment, this::count);
        }
        catalog.waiting().forEachState(segment -> segment.usage().stateCounts(true));
    }

    private void open(SegmentName name) throws IOException {
        Segment segment = new Segment(name, disk, clock.instant());
        try (Segment.Hold hold = segment.source().hold()) {
            SegmentHeader header = header(hold.file(), name);
            SegmentFooter.Found footer = SegmentFooter.read(hold.file(), name);
            SegmentFooter.Found found = footer == null ? SegmentScan.scan(hold.file(), name) : footer;
            if (header == null && footer == null && found.end() == SegmentHeader.BYTES) {
                disk.delete(name.file());
                return;
            }
            segment.found(found);
            if (footer == null) {
                close(segment, hold.file(), found);
            }
            if (segment.status() == Segment.Status.OPEN) {
                Instant made = header == null ? clock.instant() : Instant.ofEpochSecond(header.made());
                segment.closed(made);
            }
            lastId = Math.max(lastId, header == null ? 0 : header.lastId());
        }
        catalog.segments().add(segment);
    }

    /// Null when it has none of its own: a file that was about to be written over has that of its last use.
    private @Nullable SegmentHeader header(DiskFile file, SegmentName name) throws IOException {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
            if (file.size() >= SegmentHeader.BYTES) {
                file.readFully(bytes, 0);
                SegmentHeader header = SegmentHeader.decode(bytes);
                return header.name().equals(name) ? header : null;
            }
        } catch (DamagedException e) {
            log.warning("postern", "queue: " + name + ": " + e.getMessage());
        }
        return null;
    }

    /// Cuts the torn tail and writes the footer. A disk that does not take it leaves the segment as it is,
    /// with its rows in memory.
    private void close(Segment segment, DiskFile file, SegmentFooter.Found found) {
        try {
            file.force();
            SegmentFooter.write(file, segment.name(), found.end(), found.rows());
            file.force();
        } catch (IOException e) {
            segment.failed();
            log.warning("postern", "queue: " + segment.name() + " cannot be closed: " + e);
        }
    }

    private interface RowVisitor {
        void visit(Segment segment, Row row) throws IOException;
    }

    private static void forEachRow(Segment segment, RowVisitor visitor) throws IOException {
        Rows known = segment.rows();
        try (Segment.Hold hold = segment.source().hold()) {
            Rows rows = known == null ? SegmentScan.rows(hold.file(), segment.name()) : known;
            for (int i = 0; i < rows.size(); i++) {
                visitor.visit(segment, rows.get(i));
            }
        }
    }

    /// Which messages there are.
    private void mailOrDone(Segment segment, Row row) {
        QueueId id = row.queueId();
        RecordKind kind = RecordKind.of(row.kind());
        if (kind == RecordKind.MAIL) {
            lastId = Math.max(lastId, row.id());
            Kept before = catalog.find(id);
            if (before != null) {
                before.mail().segment().trouble(Segment.Trouble.STALE);
            }
            long arrival = row.due() & 0xffff_ffffL;
            catalog.waiting().put(new Kept(id, arrival, new Kept.Place(segment, row.offset())));
        } else if (kind == RecordKind.DONE) {
            lastId = Math.max(lastId, row.id());
            done(segment, row, catalog.find(id));
            catalog.waiting().remove(id);
        }
    }

    /// Which came under ids; a message that was refused is none.
    private void underId(Segment segment, Row row) {
        if (row.isUnderId()) {
            underIds.put(row.queueId(), new Kept.Place(segment, row.offset()));
        } else if (row.isRefused()) {
            underIds.remove(row.queueId());
        }
    }

    private void done(Segment segment, Row row, @Nullable Kept kept) {
        SegmentName mail = row.mailSegment();
        if (!mail.equals(segment.name()) && catalog.segments().find(mail) != null) {
            segment.usage().doneWritten(mail);
        }
        if (kept != null && !kept.mail().segment().name().equals(mail)) {
            moved.add(new Moved(kept.id(), kept.mail().segment()));
        }
    }

    /// What became of them, and how much of each segment they take.
    private void count(Segment segment, Row row) throws IOException {
        RecordKind kind = RecordKind.of(row.kind());
        Kept kept = catalog.find(row.queueId());
        switch (kind) {
            case null -> segment.usage().unknownWritten();
            case MAIL -> {
                if (kept != null && kept.mail().equals(new Kept.Place(segment, row.offset()))) {
                    content(kept, row);
                }
            }
            case LATER, HOLD -> {
                segment.usage().contentWritten(-row.size());
                segment.usage().stateWritten(row.size());
                if (kept != null) {
                    kept.state(new Kept.Place(segment, row.offset()));
                    kept.due(row.due() & 0xffff_ffffL);
                    kept.nextHopHash(row.extra());
                    kept.held(kind == RecordKind.HOLD);
                    catalog.waiting().put(kept);
                }
            }
            case DONE -> segment.usage().contentWritten(-row.size());
            case BODY, FOOTER -> {}
        }
    }

    private void content(Kept kept, Row row) throws IOException {
        Segment home = kept.mail().segment();
        if (!row.straddles()) {
            home.usage().contentCounts(row.content());
            return;
        }
        try {
            catalog.count(kept, reader.shares(kept.mail(), reader.mail(kept.mail())));
        } catch (NoSuchFileException | DamagedException e) {
            home.usage().contentCounts(row.content());
            log.warning("postern", "queue: parts of the text of " + kept.id() + " are missing: " + e.getMessage());
        }
    }
}
