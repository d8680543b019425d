package postern.dms.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Edits a file of keys and values. Comments, blank lines, the order, ends of lines and every entry that is not
/// asked about stay as they are. Keys are the same when they differ in case only.
final class KeyedLines {
    /// One entry.
    ///
    /// @param value white space around it taken off, folded lines joined by a space
    /// @param at the indexes of its lines
    record Entry(String key, String value, List<Integer> at) {
        @Override
        public String toString() {
            return key;
        }
    }

    private final Lines lines;
    private final Layout layout;

    private KeyedLines(Lines lines, Layout layout) {
        this.lines = lines;
        this.layout = layout;
    }

    static KeyedLines of(byte[] bytes, Layout layout) {
        return new KeyedLines(Lines.of(bytes), layout);
    }

    byte[] bytes() {
        return lines.bytes();
    }

    /// All entries, in the order of the file.
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i);
            if (text.isBlank() || text.stripLeading().startsWith("#")) {
                continue;
            }
            if (layout.folds() && !entries.isEmpty() && Character.isWhitespace(text.charAt(0))) {
                entries.add(joined(entries.removeLast(), text.strip(), i));
                continue;
            }
            String bare = text.strip();
            entries.add(new Entry(
                    bare.substring(0, layout.keyEnd(bare)).strip(),
                    bare.substring(layout.valueStart(bare)).strip(),
                    List.of(i)));
        }
        return entries;
    }

    private static Entry joined(Entry entry, String more, int index) {
        List<Integer> at = new ArrayList<>(entry.at);
        at.add(index);
        return new Entry(entry.key, (entry.value + " " + more).strip(), List.copyOf(at));
    }

    boolean has(String key) {
        return first(key) != null;
    }

    /// The entry that counts when a key stands there twice.
    @Nullable
    Entry first(String key) {
        List<Entry> there = all(key);
        return there.isEmpty() ? null : there.getFirst();
    }

    private List<Entry> all(String key) {
        String folded = fold(key);
        return entries().stream()
                .filter(entry -> fold(entry.key).equals(folded))
                .toList();
    }

    private static String fold(String key) {
        return key.toLowerCase(Locale.ROOT);
    }

    /// An entry as it stands in the file, folded lines joined.
    String text(Entry entry) {
        return entry.at.stream().map(index -> lines.get(index).strip()).collect(Collectors.joining(" "));
    }

    /// Adds an entry at the end.
    ///
    /// @param value may be empty: then the line has the key alone
    void add(String key, String value) {
        check(key + value);
        lines.add(value.isEmpty() ? key : key + layout.separator() + value);
    }

    /// Gives every entry of the key this value; without one, it is added.
    void put(String key, String value) {
        List<Entry> there = all(key);
        if (there.isEmpty()) {
            add(key, value);
        }
        for (int i = there.size() - 1; i >= 0; i--) {
            change(there.get(i), value);
        }
    }

    /// Gives an entry another value; how key and value are apart stays. The indexes of entries behind it may
    /// be others afterwards.
    void change(Entry entry, String value) {
        check(value);
        int index = entry.at.getFirst();
        String text = lines.get(index);
        int blanks = text.length() - text.stripLeading().length();
        String bare = text.substring(blanks);
        String front = text.substring(0, blanks) + bare.substring(0, layout.valueStart(bare));
        if (value.isEmpty()) {
            front = text.substring(0, blanks) + bare.substring(0, layout.keyEnd(bare));
        } else if (layout.keyEnd(bare) == bare.length()) {
            front += layout.separator();
        }
        removeLines(entry.at.subList(1, entry.at.size()));
        lines.set(index, front + value);
    }

    private static void check(String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw Refusal.of("A line break cannot be written into the file");
        }
    }

    /// Removes every entry of the key.
    ///
    /// @return whether there was one
    boolean remove(String key) {
        List<Entry> there = all(key);
        for (int i = there.size() - 1; i >= 0; i--) {
            remove(there.get(i));
        }
        return !there.isEmpty();
    }

    /// Removes one entry; those in front of it keep their indexes.
    void remove(Entry entry) {
        removeLines(entry.at);
    }

    private void removeLines(List<Integer> indexes) {
        indexes.reversed().forEach(index -> lines.remove(index.intValue()));
    }
}
