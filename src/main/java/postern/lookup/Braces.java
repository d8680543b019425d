package postern.lookup;

import java.util.ArrayList;
import java.util.List;
import postern.config.ConfigException;

/// `{ text }`, Postfix's way to keep text with spaces together.
final class Braces {
    private Braces() {}

    /// What is between the braces that hold the whole text.
    ///
    /// @throws ConfigException when the text does not begin with a brace, or the brace ends before the text
    static String inside(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                if (i == 0 || i < text.length() - 1) {
                    throw new ConfigException(
                            i == 0
                                    ? "no '{' at start of text in \"" + text + "\""
                                    : "syntax error after '}' in \"" + text + "\"");
                }
                return text.substring(1, i);
            }
        }
        throw new ConfigException("missing '}' in \"" + text + "\"");
    }

    /// Members between commas and white space; braces keep one together.
    static List<String> members(String text) {
        List<String> members = new ArrayList<>();
        StringBuilder member = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (depth == 0 && (c == ',' || TableLines.isSpace(c))) {
                if (!member.isEmpty()) {
                    members.add(member.toString());
                    member.setLength(0);
                }
                continue;
            }
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            member.append(c);
        }
        if (!member.isEmpty()) {
            members.add(member.toString());
        }
        return members;
    }
}
