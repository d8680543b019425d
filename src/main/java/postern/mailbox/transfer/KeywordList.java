package postern.mailbox.transfer;

import java.util.ArrayList;
import java.util.List;

/// Dovecot's `dovecot-keywords`: what the letters a to z in names of files stand for, `0 $Forwarded`.
final class KeywordList {
    private static final int LETTERS = 26;

    private KeywordList() {}

    /// The keywords by letter; empty where a letter has none.
    static List<String> parse(List<String> lines, UidList.Flaws flaws) {
        List<String> keywords = new ArrayList<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            String number = line.substring(0, Math.max(0, space));
            String keyword = line.substring(space + 1);
            if (!number.matches("[0-9]{1,4}") || !FlagNames.isKeyword(keyword)) {
                flaws.flaw("has a line that is none: \"" + line + "\"");
                continue;
            }
            int index = Integer.parseInt(number);
            while (keywords.size() <= index && index < LETTERS) {
                keywords.add("");
            }
            if (index < LETTERS) {
                keywords.set(index, keyword);
            }
        }
        return keywords;
    }
}
