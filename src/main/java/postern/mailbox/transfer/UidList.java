package postern.mailbox.transfer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.mailbox.UidValidity;

/// Dovecot's `dovecot-uidlist`: which UIDs the files of a Maildir have. Version 3 is
/// `3 V1275660208 N25022 G…` and then `25006 W1394 P12ab :file`, version 1 is `1 1275660208 25022` and then
/// `25006 file`.
///
/// @param validity null when it cannot be told
/// @param next above all UIDs that stand there, those of files long gone included
/// @param entries by the name of the file without its flags
record UidList(@Nullable UidValidity validity, long next, Map<String, Entry> entries) {
    static final String FILE = "dovecot-uidlist";
    static final UidList NONE = new UidList(null, 1, Map.of());

    /// So close to the end no more UIDs could be given.
    static final long HIGHEST = 0xFFFF_0000L;

    /// @param popId see [ForeignMessage]
    record Entry(long uid, String popId) {}

    /// Told of each line that is not as it should be.
    interface Flaws {
        void flaw(String what);
    }

    static UidList parse(List<String> lines, Flaws flaws) {
        if (lines.isEmpty()) {
            flaws.flaw("is empty");
            return NONE;
        }
        Header header = Header.parse(lines.getFirst());
        if (header == null) {
            flaws.flaw("has no header with UIDVALIDITY: its messages get new UIDs");
            return NONE;
        }
        Map<String, Entry> entries = new HashMap<>();
        Map<Long, String> owners = new HashMap<>();
        long next = header.next;
        for (String line : lines.subList(1, lines.size())) {
            Line parsed = Line.parse(line, header.version);
            if (parsed == null) {
                flaws.flaw("has a line that is none: \"" + line + "\"");
                continue;
            }
            next = Math.max(next, parsed.entry.uid + 1);
            String owner = owners.putIfAbsent(parsed.entry.uid, parsed.base);
            if (owner != null && !owner.equals(parsed.base)) {
                flaws.flaw("gives UID " + parsed.entry.uid + " to " + owner + " and to " + parsed.base
                        + ", which gets a new one");
                continue;
            }
            entries.merge(parsed.base, parsed.entry, (one, other) -> one.uid > other.uid ? one : other);
        }
        return new UidList(header.validity, next, entries);
    }

    private record Header(int version, UidValidity validity, long next) {
        static @Nullable Header parse(String line) {
            String[] words = line.split(" ");
            long validity = -1;
            long next = 1;
            int version = words[0].equals("3") ? 3 : 1;
            if (version == 3) {
                for (String word : words) {
                    switch (word.isEmpty() ? ' ' : word.charAt(0)) {
                        case 'V' -> validity = number(word.substring(1));
                        case 'N' -> next = number(word.substring(1));
                        default -> {}
                    }
                }
            } else if (words[0].equals("1") && words.length >= 3) {
                validity = number(words[1]);
                next = number(words[2]);
            }
            boolean isWhole = validity >= 1 && next >= 1;
            return isWhole ? new Header(version, new UidValidity(validity), next) : null;
        }
    }

    private record Line(String base, Entry entry) {
        static @Nullable Line parse(String line, int version) {
            int space = line.indexOf(' ');
            long uid = number(line.substring(0, Math.max(0, space)));
            int file = version == 3 ? line.indexOf(" :") + 2 : space + 1;
            if (uid < 1 || uid == 0xFFFF_FFFFL || file < 2 || file >= line.length()) {
                return null;
            }
            String popId = "";
            for (String word : line.substring(space, file - 1).split(" ")) {
                popId = word.startsWith("P") ? word.substring(1) : popId;
            }
            return new Line(MaildirName.of(line.substring(file)).base(), new Entry(uid, version == 3 ? popId : ""));
        }
    }

    /// A number of 32 bits; -1 when it is none.
    private static long number(String digits) {
        if (!digits.matches("[0-9]{1,10}")) {
            return -1;
        }
        long number = Long.parseLong(digits);
        return number > 0xFFFF_FFFFL ? -1 : number;
    }

    /// UIDs that could not be gone on from are none.
    boolean isUsedUp() {
        return next > HIGHEST;
    }
}
