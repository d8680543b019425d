package postern.mailbox.transfer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import postern.mailbox.Flags;
import postern.mailbox.Flags.Flag;

/// What the fields say that mail programs put into messages of an mbox for themselves. They belong to the file,
/// not to the message: a client never sees them.
final class MboxHead {
    private static final Set<String> OWN =
            Set.of("status", "x-status", "x-keywords", "x-uid", "x-imapbase", "x-imap", "content-length");

    private final Map<String, String> fields = new HashMap<>();

    static boolean isOwn(String field) {
        return OWN.contains(field);
    }

    /// Takes the line of a field of their own.
    void add(String field, String line) {
        fields.putIfAbsent(field, line.substring(line.indexOf(':') + 1).strip());
    }

    private String field(String name) {
        return fields.getOrDefault(name, "");
    }

    Flags flags() {
        String letters = field("status") + field("x-status");
        int bits = 0;
        for (char letter : letters.toCharArray()) {
            bits |= switch (letter) {
                case 'R' -> Flag.SEEN.bit();
                case 'A' -> Flag.ANSWERED.bit();
                case 'F' -> Flag.FLAGGED.bit();
                case 'D' -> Flag.DELETED.bit();
                case 'T' -> Flag.DRAFT.bit();
                default -> 0;
            };
        }
        return new Flags(
                bits, FlagNames.of(List.of(field("x-keywords").split("\\s+"))).keywords());
    }

    /// The fields for flags, each a line with LF.
    static String lines(Flags flags, long uid) {
        List<String> letters = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        text.append("Status: ").append(flags.has(Flag.SEEN) ? "RO" : "O").append('\n');
        letters.add(flags.has(Flag.ANSWERED) ? "A" : "");
        letters.add(flags.has(Flag.FLAGGED) ? "F" : "");
        letters.add(flags.has(Flag.DRAFT) ? "T" : "");
        letters.add(flags.has(Flag.DELETED) ? "D" : "");
        text.append("X-Status: ").append(String.join("", letters)).append('\n');
        text.append("X-Keywords: ").append(String.join(" ", flags.keywords())).append('\n');
        return text.append("X-UID: ").append(uid).append('\n').toString();
    }

    private static long number(String digits) {
        return digits.matches("[0-9]{1,10}") ? Long.parseLong(digits) : 0;
    }

    long uid() {
        return number(field("x-uid"));
    }

    /// Bytes of the body; -1 when it does not say so.
    long length() {
        String length = field("content-length");
        return length.matches("[0-9]{1,15}") ? Long.parseLong(length) : -1;
    }

    /// Whether this is no message, but a place for what belongs to the whole file.
    boolean isInternal() {
        return fields.containsKey("x-imap");
    }

    /// UIDVALIDITY and the last UID of the file; both 0 when they do not stand here.
    long[] base() {
        String base = isInternal() ? field("x-imap") : field("x-imapbase");
        String[] words = base.toLowerCase(Locale.ROOT).split("\\s+");
        long[] numbers = {number(words[0]), words.length > 1 ? number(words[1]) : 0};
        return numbers[0] > 0 && numbers[0] <= 0xFFFF_FFFFL ? numbers : new long[2];
    }
}
