package postern.lookup;

/// `{ text }`, Postfix's way to keep text with spaces together.
final class Braces {
    private Braces() {}

    /// The text without braces and the space inside them; unchanged when it has none.
    static String strip(String text) {
        return text.length() >= 2 && text.startsWith("{") && text.endsWith("}")
                ? text.substring(1, text.length() - 1).strip()
                : text;
    }
}
