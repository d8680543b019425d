package postern.mailbox.transfer;

import java.util.ArrayList;
import java.util.List;
import postern.mailbox.Flags;
import postern.mailbox.Flags.Flag;

/// The name of a file in a Maildir: `1275528487.M364837P9451.host,S=1355,W=1394:2,Sab`.
///
/// @param base what stays the same when flags change
/// @param letters behind `:2,`
record MaildirName(String base, String letters) {
    private static final String INFO = ":2,";

    static MaildirName of(String file) {
        int colon = file.indexOf(':');
        if (colon < 0) {
            return new MaildirName(file, "");
        }
        boolean hasFlags = file.startsWith(INFO, colon);
        return new MaildirName(file.substring(0, colon), hasFlags ? file.substring(colon + INFO.length()) : "");
    }

    /// @param keywords what the letters a to z stand for
    Flags flags(List<String> keywords) {
        int bits = 0;
        List<String> names = new ArrayList<>();
        for (char letter : letters.toCharArray()) {
            switch (letter) {
                case 'S' -> bits |= Flag.SEEN.bit();
                case 'R' -> bits |= Flag.ANSWERED.bit();
                case 'F' -> bits |= Flag.FLAGGED.bit();
                case 'T' -> bits |= Flag.DELETED.bit();
                case 'D' -> bits |= Flag.DRAFT.bit();
                case 'P' -> names.add("$Forwarded");
                default -> {
                    int index = letter - 'a';
                    if (index >= 0
                            && index < keywords.size()
                            && !keywords.get(index).isEmpty()) {
                        names.add(keywords.get(index));
                    }
                }
            }
        }
        return new Flags(bits, names);
    }
}
