package postern.mailbox.transfer;

import java.util.TreeMap;
import postern.mailbox.Flags;
import postern.mailbox.Flags.Flag;

/// The letters that Dovecot has for flags in names of files: a to z are the keywords of a mailbox, in the order
/// in which they were met.
final class KeywordLetters {
    private static final int MOST = 26;

    private final TreeMap<String, Character> letters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final StringBuilder lines = new StringBuilder();
    private final TreeMap<String, Integer> lost = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /// In alphabetical order, as Dovecot writes them.
    String of(Flags flags) {
        StringBuilder text = new StringBuilder();
        text.append(flags.has(Flag.DRAFT) ? "D" : "").append(flags.has(Flag.FLAGGED) ? "F" : "");
        text.append(flags.has(Flag.ANSWERED) ? "R" : "").append(flags.has(Flag.SEEN) ? "S" : "");
        text.append(flags.has(Flag.DELETED) ? "T" : "");
        flags.keywords().stream()
                .map(this::letter)
                .filter(letter -> letter > 0)
                .sorted()
                .forEach(text::append);
        return text.toString();
    }

    /// 0 when all are taken.
    private char letter(String keyword) {
        Character known = letters.get(keyword);
        if (known != null) {
            return known;
        }
        int index = letters.size();
        if (index == MOST) {
            lost.merge(keyword, 1, Integer::sum);
            return 0;
        }
        char letter = (char) ('a' + index);
        letters.put(keyword, letter);
        lines.append(index).append(' ').append(keyword).append('\n');
        return letter;
    }

    /// `dovecot-keywords`; empty when there are none.
    String lines() {
        return lines.toString();
    }

    /// Keywords that had no letter any more, and how many messages have each.
    TreeMap<String, Integer> lost() {
        return lost;
    }
}
