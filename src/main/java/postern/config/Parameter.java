package postern.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A main.cf parameter: name, default as main.cf text (which may name other parameters: `$myhostname`), and
/// how its expanded text becomes a value. Declared once, next to the code that uses it, by its name in
/// capitals:
///
/// `static final Parameter<Duration> SMTPD_TIMEOUT = Parameter.time("smtpd_timeout", "300s").doc("…");`
///
/// @param <T> the type of the value
public final class Parameter<T> {
    private final String name;
    private final String defaultText;
    private final String doc;
    private final Function<String, T> parser;

    private Parameter(String name, String defaultText, String doc, Function<String, T> parser) {
        this.name = name;
        this.defaultText = defaultText;
        this.doc = doc;
        this.parser = parser;
    }

    public static Parameter<String> text(String name, String defaultText) {
        return new Parameter<>(name, defaultText, "", text -> text);
    }

    /// `yes` or `no`.
    public static Parameter<Boolean> bool(String name, String defaultText) {
        return new Parameter<>(name, defaultText, "", Values::bool);
    }

    public static Parameter<Integer> integer(String name, String defaultText) {
        return new Parameter<>(name, defaultText, "", Values::integer);
    }

    /// A number of bytes.
    public static Parameter<Long> size(String name, String defaultText) {
        return new Parameter<>(name, defaultText, "", Values::size);
    }

    /// A time with a unit: `s`, `m`, `h`, `d`, `w`. Without one, the unit of the default.
    public static Parameter<Duration> time(String name, String defaultText) {
        char unit = defaultText.isEmpty() ? 's' : defaultText.charAt(defaultText.length() - 1);
        return new Parameter<>(name, defaultText, "", text -> Values.time(text, Character.isLetter(unit) ? unit : 's'));
    }

    /// Members between commas and white space; `{ … }` keeps a member with spaces together (its braces stay).
    public static Parameter<List<String>> list(String name, String defaultText) {
        return new Parameter<>(name, defaultText, "", Values::list);
    }

    /// One word of a closed set.
    public static <E> Parameter<E> choice(String name, String defaultText, Map<String, E> words) {
        return new Parameter<>(name, defaultText, "", text -> Values.choice(text, words));
    }

    public Parameter<T> doc(String text) {
        return new Parameter<>(name, defaultText, text, parser);
    }

    /// The same kind of parameter under another name and default: `relay_destination_concurrency_limit` with
    /// the default `$default_destination_concurrency_limit`.
    public Parameter<T> as(String otherName, String otherDefault) {
        return new Parameter<>(otherName, otherDefault, doc, parser);
    }

    public String name() {
        return name;
    }

    public String defaultText() {
        return defaultText;
    }

    public String doc() {
        return doc;
    }

    /// The value of an expanded text.
    ///
    /// @throws IllegalArgumentException with what would be right ("a time such as 300s or 5m")
    public T parse(String expanded) {
        return parser.apply(expanded);
    }

    @Override
    public String toString() {
        return name;
    }
}
