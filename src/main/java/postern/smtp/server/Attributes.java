package postern.smtp.server;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;
import postern.smtp.extension.Xtext;

/// The `NAME=value` words of XCLIENT and XFORWARD.
final class Attributes {
    private static final int VALUE_LIMIT = 255;

    private Attributes() {}

    /// @param verb for refusals
    /// @return names in upper case; values decoded, printable, at most 255 characters
    static Map<String, String> parse(SmtpParser parser, String verb, Set<String> known) {
        if (parser.atEnd()) {
            throw new Reply.Refused("501 5.5.4 Syntax: " + verb + " attribute=value...");
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        while (!parser.atEnd()) {
            String word = parser.word();
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw new Reply.Refused("501 5.5.4 Error: attribute=value expected");
            }
            String name = word.substring(0, equals).toUpperCase(Locale.ROOT);
            if (!known.contains(name)) {
                throw new Reply.Refused("501 5.5.4 Bad " + verb + " attribute name: " + word.substring(0, equals));
            }
            attributes.put(name, value(word.substring(equals + 1)));
        }
        return attributes;
    }

    private static String value(String text) {
        if (text.length() > VALUE_LIMIT) {
            throw new Reply.Refused("501 5.5.4 Error: attribute value too long");
        }
        String value = Xtext.decode(text);
        StringBuilder printable = new StringBuilder(value.length());
        value.chars().forEach(c -> printable.append(c < ' ' || (c >= 127 && c < 160) ? '?' : (char) c));
        return printable.toString();
    }

    static Reply.Refused bad(String name, String value) {
        return new Reply.Refused("501 5.5.4 Bad " + name + " syntax: " + value);
    }
}
