package postern.smtp.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
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
        return size.length() > 18 || !isNumber(size) ? 0 : Long.parseLong(size);
    }

    /// A number of LIMITS (RFC 9422 §4): `RCPTMAX`, `MAILMAX`; as many as one likes when it is not there.
    public int limit(String name) {
        for (String word : words("LIMITS")) {
            String number = word.startsWith(name) && word.startsWith("=", name.length())
                    ? word.substring(name.length() + 1)
                    : "";
            if (isNumber(number) && number.length() <= 6 && number.charAt(0) != '0') {
                return Integer.parseInt(number);
            }
        }
        return Integer.MAX_VALUE;
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// The SASL mechanisms, in upper case, in the server's order, each once.
    List<String> mechanisms() {
        return words("AUTH").stream().distinct().toList();
    }

    /// The attributes that XFORWARD takes.
    Set<String> xforward() {
        return new HashSet<>(words("XFORWARD"));
    }

    /// The attributes that XCLIENT takes.
    Set<String> xclient() {
        return new HashSet<>(words("XCLIENT"));
    }

    /// The arguments of a keyword, in upper case.
    private List<String> words(String keyword) {
        String arguments = keywords.get(keyword);
        if (arguments == null) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        StringTokenizer tokens = new StringTokenizer(arguments.toUpperCase(Locale.ROOT), " \t");
        while (tokens.hasMoreTokens()) {
            words.add(tokens.nextToken());
        }
        return words;
    }
}
