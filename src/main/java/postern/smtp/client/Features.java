package postern.smtp.client;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import postern.smtp.Reply;

/// What a server offers: the answer to EHLO or LHLO (RFC 5321 §4.1.1.1).
///
/// @param name what the server calls itself
/// @param keywords in upper case, each with its arguments
public record Features(String name, Map<String, String> keywords) {
    /// After HELO: nothing.
    static final Features NONE = new Features("", Map.of());

    public Features {
        keywords = Map.copyOf(keywords);
    }

    /// Reads the lines of a reply to EHLO. A keyword may be followed by `=` instead of a space: `AUTH=LOGIN`
    /// of old drafts. SMTPUTF8 implies 8BITMIME (RFC 6531 §3.1), even where a server forgets to say so.
    ///
    /// @param discarded `smtp_discard_ehlo_keywords`, in upper case
    static Features of(Reply ehlo, Set<String> discarded) {
        Map<String, String> keywords = new HashMap<>();
        String name = "";
        boolean first = true;
        for (String line : ehlo.lines()) {
            String[] words = line.strip().split("[ \t=]+", 2);
            if (first) {
                name = words[0];
                first = false;
                continue;
            }
            String keyword = words[0].toUpperCase(Locale.ROOT);
            if (!keyword.isEmpty() && !discarded.contains(keyword)) {
                keywords.merge(
                        keyword, words.length > 1 ? words[1].strip() : "", (one, other) -> (one + " " + other).strip());
            }
        }
        if (keywords.containsKey("SMTPUTF8")) {
            keywords.putIfAbsent("8BITMIME", "");
        }
        return new Features(name, keywords);
    }

    /// Whether an extension is offered, by its keyword in upper case.
    public boolean offers(String keyword) {
        return keywords.containsKey(keyword);
    }

    /// The largest message that the server takes, in bytes; 0 when it does not say (RFC 1870 §4).
    public long sizeLimit() {
        String size = keywords.getOrDefault("SIZE", "");
        return size.length() > 18 || size.isEmpty() || !size.chars().allMatch(c -> c >= '0' && c <= '9')
                ? 0
                : Long.parseLong(size);
    }

    /// A number of LIMITS (RFC 9422 §4): `RCPTMAX`, `MAILMAX`; as many as one likes when it is not there.
    public int limit(String name) {
        return words("LIMITS")
                .filter(word -> word.startsWith(name + "="))
                .map(word -> word.substring(name.length() + 1))
                .filter(number -> number.matches("[1-9][0-9]{0,5}"))
                .map(Integer::parseInt)
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }

    /// The SASL mechanisms, in upper case, in the server's order, each once.
    List<String> mechanisms() {
        return words("AUTH").distinct().toList();
    }

    /// The attributes that XFORWARD takes.
    Set<String> xforward() {
        return new HashSet<>(words("XFORWARD").toList());
    }

    private java.util.stream.Stream<String> words(String keyword) {
        return List.of(keywords.getOrDefault(keyword, "")
                        .toUpperCase(Locale.ROOT)
                        .split("[ \t]+", -1))
                .stream()
                .filter(word -> !word.isEmpty());
    }
}
