package postern.queue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is left to do for records that could not be written: who waits for them is to be refused, what rode along
/// is appended again. Guarded by the queue's lock, but for [#unlink].
final class Salvage {
    private final LogTail tail;
    private final Catalog catalog;

    Salvage(LogTail tail, Catalog catalog) {
        this.tail = tail;
        this.catalog = catalog;
    }

    /// Unlinks the file of a segment whose first batch failed, so that tries on a failing disk leave no files
    /// behind. That lasts as soon as another segment is made, which forces the directory; until then nothing
    /// lasts anyway. Returns whether no file is left.
    boolean unlink(Segment segment) {
        try {
            segment.source().unlink(null);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Nothing refers to a segment any more that was unlinked and whose batch was taken apart.
    void forget(Segment segment) {
        catalog.remove(segment);
    }

    /// Takes the lost batch and the one that was filling meanwhile apart; the next record goes to a new segment.
    ///
    /// @param lost the batch that was being written; null when there was none
    /// @param failed the segment whose file may hold parts of it; null for none
    /// @return those who wait for them
    List<Ticket> run(@Nullable Batch lost, @Nullable Segment failed) {
        List<Ticket> refused = new ArrayList<>();
        Batch filling = tail.take();
        tail.retire();
        lose(lost, refused);
        lose(filling, refused);
        again(lost);
        again(filling);
        if (lost != null && lost.segment() == failed) {
            lost.tickets().forEach(ticket -> takeBack(ticket, failed));
        }
        return refused;
    }

    private void lose(@Nullable Batch lost, List<Ticket> refused) {
        if (lost != null) {
            refused.addAll(lost.tickets());
            lost.segment().failed();
            lost.segment().cut(lost.start());
            tail.settled(lost);
        }
    }

    /// Appends what rode along in a lost batch to a new segment, but for states that another one has replaced.
    private void again(@Nullable Batch lost) {
        if (lost == null) {
            return;
        }
        for (Batch.Riding riding : lost.states().values()) {
            Row row = riding.row();
            if (row.kind() == RecordKind.DONE.code()) {
                lost.segment().usage().doneMoved(row.mailSegment());
                append(riding).usage().doneWritten(row.mailSegment());
                continue;
            }
            Kept kept = catalog.find(row.queueId());
            if (kept != null && new Kept.Place(lost.segment(), row.offset()).equals(kept.state())) {
                Segment to = append(riding);
                to.usage().stateWritten(row.size());
                catalog.stateMoved(kept, new Kept.Place(to, to.end() - row.size()));
                catalog.store(kept);
            }
        }
    }

    private Segment append(Batch.Riding riding) {
        Segment to = tail.segment();
        tail.append(riding.record(), riding.row().at(to.end()));
        return to;
    }

    /// The MAIL record of a message that is refused may be on the disk: it must not come to life at the next
    /// start.
    private void takeBack(Ticket ticket, Segment segment) {
        QueueId id = ticket.id();
        if (id != null) {
            LogRecord refused = LogRecord.refused(id, segment.name());
            Segment to = tail.segment();
            tail.append(
                    refused,
                    Row.done(id, to.end(), refused.size(), segment.name()).refused());
            to.usage().doneWritten(segment.name());
        }
    }
}
