package postern.mailbox.body;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Empties segments that are mostly waste. In this order, so that it may stop anywhere: the texts that live are
/// copied, the copies forced, their places written down, the file unlinked.
final class Compaction {
    private static final int AT_ONCE = 200;

    private final Disk disk;
    private final ReadFiles files;
    private final Segments segments;
    private final Forcer forcer;
    private final Residents residents;

    Compaction(Disk disk, ReadFiles files, Segments segments, Forcer forcer, Residents residents) {
        this.disk = disk;
        this.files = files;
        this.segments = segments;
        this.forcer = forcer;
        this.residents = residents;
    }

    /// @return what it did
    Bodies.Compacted run() throws IOException {
        int emptied = 0;
        long freed = 0;
        List<String> damaged = new ArrayList<>();
        Map<Long, Long> closed = segments.closed();
        // asked after: what was committed into a closed segment is seen
        Map<Long, Long> live = residents.live();
        for (Map.Entry<Long, Long> segment : closed.entrySet()) {
            long left = live.getOrDefault(segment.getKey(), 0L);
            if (left * 2 < segment.getValue()) {
                if (left > 0) {
                    empty(segment.getKey(), damaged);
                }
                if (residents.in(segment.getKey(), 0, 1).isEmpty()) {
                    disk.delete(Segment.name(segment.getKey()));
                    files.forget(segment.getKey());
                    disk.forceDirectory();
                    emptied++;
                    freed += segment.getValue() - left;
                }
            }
        }
        return new Bodies.Compacted(emptied, freed, damaged);
    }

    private void empty(long segment, List<String> damaged) throws IOException {
        List<Residents.Resident> some = residents.in(segment, 0, AT_ONCE);
        while (!some.isEmpty()) {
            Map<Residents.Resident, TextWriter> copies = new LinkedHashMap<>();
            try {
                copy(some, copies, damaged);
                Map<Residents.Resident, TextPlace> moved = new LinkedHashMap<>();
                copies.forEach((resident, copy) -> moved.put(resident, copy.place()));
                if (!moved.isEmpty()) {
                    residents.moved(moved);
                }
            } finally {
                copies.values().forEach(TextWriter::close);
            }
            some = residents.in(segment, some.getLast().id(), AT_ONCE);
        }
    }

    /// Copies what is sound and returns when it is forced; what is damaged stays where it is.
    private void copy(List<Residents.Resident> some, Map<Residents.Resident, TextWriter> copies, List<String> damaged) {
        Map<Residents.Resident, CompletableFuture<Void>> waiting = new LinkedHashMap<>();
        for (Residents.Resident resident : some) {
            TextWriter copy = new TextWriter(segments, forcer);
            copies.put(resident, copy);
            CompletableFuture<Void> done = new CompletableFuture<>();
            waiting.put(resident, done);
            try (StoredText text = StoredText.open(files, resident.place(), resident.size())) {
                copy.copy(text, new Done(done));
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        }
        waiting.forEach((resident, done) -> {
            try {
                done.join();
            } catch (CompletionException e) {
                damaged.add("text " + resident.id() + " stays where it is: "
                        + (e.getCause() == null ? e : e.getCause()).getMessage());
                TextWriter copy = copies.remove(resident);
                if (copy != null) {
                    copy.close();
                }
            }
        });
    }

    private record Done(CompletableFuture<Void> done) implements Waiting {
        @Override
        public void forced() {
            done.complete(null);
        }

        @Override
        public void failed(IOException why) {
            done.completeExceptionally(why);
        }
    }
}
