package postern.queue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.smtp.HandoverId;

/// The ledger's copies whose fate is not known, in the order they came, with what ended that. The last entry of
/// a copy counts. Not safe for use from many threads.
final class Doubts implements Book.Entries<Doubts> {
    /// Bytes of an entry in a file: who, what and when (8 each), id (16), where (8), CRC-32C of these (4). An entry
    /// whose id and where are 0 ends those before it.
    static final int RECORD = 52;

    /// @param doubt null when there is none any more
    /// @param time seconds of the epoch
    private record Entry(Ledger.Copy copy, Ledger.@Nullable Doubt doubt, long time) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<Ledger.Copy, Entry> open = new HashMap<>();
    private final Map<Long, Set<Long>> byWho = new HashMap<>();

    /// @param doubt null to end it
    void add(Ledger.Copy copy, Ledger.@Nullable Doubt doubt, long time) {
        add(new Entry(copy, doubt, time));
    }

    private void add(Entry entry) {
        entries.add(entry);
        Ledger.Copy copy = entry.copy();
        if (entry.doubt() != null) {
            open.put(copy, entry);
            byWho.computeIfAbsent(copy.who(), _ -> new HashSet<>(1)).add(copy.what());
        } else if (open.remove(copy) != null) {
            Set<Long> others = byWho.getOrDefault(copy.who(), Set.of());
            others.remove(copy.what());
            if (others.isEmpty()) {
                byWho.remove(copy.who());
            }
        }
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /// The doubt about a copy that is no older; null when there is none.
    Ledger.@Nullable Doubt of(Ledger.Copy copy, long oldest) {
        Entry entry = open.get(copy);
        return entry == null || entry.time() < oldest ? null : entry.doubt();
    }

    /// The messages of which somebody may have a copy.
    List<Long> messages(long who, long oldest) {
        return byWho.getOrDefault(who, Set.of()).stream()
                .filter(what -> of(new Ledger.Copy(who, what), oldest) != null)
                .toList();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public int useless(long oldest) {
        return (int) entries.stream().filter(entry -> !isOpen(entry, oldest)).count();
    }

    private boolean isOpen(Entry entry, long oldest) {
        return entry.time() >= oldest && entry == open.get(entry.copy());
    }

    @Override
    public Doubts since(long oldest, int most) {
        Doubts kept = new Doubts();
        List<Entry> all =
                entries.stream().filter(entry -> isOpen(entry, oldest)).toList();
        all.subList(Math.max(0, all.size() - most), all.size()).forEach(kept::add);
        return kept;
    }

    @Override
    public ByteBuffer records(int from) {
        ByteBuffer into = ByteBuffer.allocate((entries.size() - from) * RECORD);
        for (Entry entry : entries.subList(from, entries.size())) {
            into.putLong(entry.copy().who()).putLong(entry.copy().what()).putLong(entry.time());
            Ledger.Doubt doubt = entry.doubt();
            into.putLong(doubt == null ? 0 : doubt.id().high());
            into.putLong(doubt == null ? 0 : doubt.id().low());
            into.putLong(doubt == null ? 0 : doubt.where());
            into.putInt(LedgerFile.sum(into, into.position() - RECORD + Integer.BYTES, RECORD - Integer.BYTES));
        }
        return into.flip();
    }

    /// Takes an entry as it stands in a record.
    void read(ByteBuffer record) {
        Ledger.Copy copy = new Ledger.Copy(record.getLong(), record.getLong());
        long time = record.getLong();
        HandoverId id = new HandoverId(record.getLong(), record.getLong());
        long where = record.getLong();
        boolean ends = id.high() == 0 && id.low() == 0 && where == 0;
        add(copy, ends ? null : new Ledger.Doubt(id, where), time);
    }
}
