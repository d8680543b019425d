package postern.pop3.server;

/// Reads the arguments of a command (RFC 1939 §3, RFC 2449 §4): words with spaces between them.
final class Pop3Parser {
    private static final int SHOWN = 40;
    private static final int MOST_DIGITS = 9;

    private final String text;
    private int at;

    /// @param text what stands behind the keyword
    Pop3Parser(String text) {
        this.text = text;
    }

    /// The next word; empty when there is none.
    String word() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        int from = at;
        while (at < text.length() && text.charAt(at) != ' ') {
            at++;
        }
        return text.substring(from, at);
    }

    /// All that is left behind one space, spaces and all.
    String rest() {
        String rest = text.substring(Math.min(at + 1, text.length()));
        at = text.length();
        return rest;
    }

    /// Whether nothing is left but spaces.
    boolean atEnd() {
        return text.substring(at).isBlank();
    }

    /// The number of a message, from 0 on.
    int message() {
        String word = number("-ERR Invalid message number: ");
        if (word.length() > MOST_DIGITS) {
            throw new Response.Refused("-ERR There's no message " + shown(word) + ".");
        }
        return Integer.parseInt(word);
    }

    /// The number of lines behind a header.
    ///
    /// @return from 0 on; [Integer#MAX_VALUE] for what is larger
    int lines() {
        String word = number("-ERR Invalid size: ");
        return word.length() > MOST_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(word);
    }

    /// A word of digits, without zeros in front.
    private String number(String complaint) {
        String word = word();
        int digits = 0;
        while (digits < word.length() && word.charAt(digits) >= '0' && word.charAt(digits) <= '9') {
            digits++;
        }
        if (word.isEmpty() || digits < word.length()) {
            throw new Response.Refused(complaint + shown(word));
        }
        int zeros = 0;
        while (zeros < word.length() - 1 && word.charAt(zeros) == '0') {
            zeros++;
        }
        return word.substring(zeros);
    }

    /// Nothing may follow the numbers.
    void end() {
        if (!atEnd()) {
            throw new Response.Refused("-ERR Noise after message number: "
                    + shown(text.substring(at).strip()));
        }
    }

    /// Nothing may follow, where numbers are not the matter.
    void noMore() {
        if (!atEnd()) {
            throw new Response.Refused("-ERR Too many arguments.");
        }
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) : text;
    }
}
