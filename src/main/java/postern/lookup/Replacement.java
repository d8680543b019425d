package postern.lookup;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/// The right-hand side of a rule: text with `$1`, `${1}` or `$(1)` for what a group matched, and `$$` for a
/// dollar sign.
record Replacement(List<Replacement.Part> parts, int highestGroup) {
    sealed interface Part {
        record Text(String text) implements Part {}

        record Group(int number) implements Part {}
    }

    /// @throws IllegalArgumentException in Postfix's words
    static Replacement parse(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int highest = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '$' || text.startsWith("$$", i)) {
                literal.append(c);
                i += c == '$' ? 2 : 1;
                continue;
            }
            int end = endOfName(text, i + 1);
            boolean braced = end > i + 1 && "({".indexOf(text.charAt(i + 1)) >= 0;
            int number = number(text, braced ? text.substring(i + 2, end - 1) : text.substring(i + 1, end));
            if (!literal.isEmpty()) {
                parts.add(new Part.Text(literal.toString()));
                literal.setLength(0);
            }
            parts.add(new Part.Group(number));
            highest = Math.max(highest, number);
            i = end;
        }
        if (!literal.isEmpty()) {
            parts.add(new Part.Text(literal.toString()));
        }
        return new Replacement(List.copyOf(parts), highest);
    }

    private static int endOfName(String text, int from) {
        int i = from;
        if (i < text.length() && "({".indexOf(text.charAt(i)) >= 0) {
            int end = text.indexOf(text.charAt(i) == '(' ? ')' : '}', i);
            if (end < 0) {
                throw new IllegalArgumentException("truncated macro reference: \"" + text + "\"");
            }
            return end + 1;
        }
        while (i < text.length() && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_')) {
            i++;
        }
        return i;
    }

    private static int number(String text, String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("empty macro name: \"" + text + "\"");
        }
        if (!name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("non-numeric replacement index \"" + name + "\"");
        }
        int number = name.length() > 3 ? 0 : Integer.parseInt(name);
        if (number == 0) {
            throw new IllegalArgumentException("out of range replacement index \"" + name + "\"");
        }
        return number;
    }

    /// What stands before the first group.
    String beginning() {
        return !parts.isEmpty() && parts.getFirst() instanceof Part.Text(String text) ? text : "";
    }

    /// The text for a match over [ByteText]. A group that did not take part is empty, and so are all when a
    /// rule with `!` was right because there is no match.
    String text(@Nullable MatchResult match) {
        StringBuilder result = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String text) -> result.append(text);
                case Part.Group(int number) -> {
                    String group = match == null ? null : match.group(number);
                    result.append(group == null ? "" : ByteText.back(group));
                }
            }
        }
        return result.toString();
    }
}
