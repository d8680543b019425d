package postern.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    private final boolean raw;

    private Parameter(String name, String defaultText, String doc, Function<String, T> parser, boolean raw) {
        this.name = name;
        this.defaultText = defaultText;
        this.doc = doc;
        this.parser = parser;
        this.raw = raw;
    }

    private static <T> Parameter<T> of(String name, String defaultText, Function<String, T> parser) {
        return new Parameter<>(name, defaultText, "", parser, false);
    }

    public static Parameter<String> text(String name, String defaultText) {
        return of(name, defaultText, text -> text);
    }

    /// A text whose `$name` forms are for its user to fill in at the time of use: `default_rbl_reply`.
    public static Parameter<String> raw(String name, String defaultText) {
        return new Parameter<>(name, defaultText, "", text -> text, true);
    }

    /// `yes` or `no`.
    public static Parameter<Boolean> bool(String name, String defaultText) {
        return of(name, defaultText, Values::bool);
    }

    public static Parameter<Integer> integer(String name, String defaultText) {
        return of(name, defaultText, Values::integer);
    }

    /// A number of bytes.
    public static Parameter<Long> size(String name, String defaultText) {
        return of(name, defaultText, Values::size);
    }

    /// A time with a unit: `s`, `m`, `h`, `d`, `w`. Without one, the unit of the default.
    public static Parameter<Duration> time(String name, String defaultText) {
        char unit = Values.unit(defaultText);
        return of(name, defaultText, text -> Values.time(text, unit));
    }

    /// Members between commas and white space; `{ … }` keeps a member with spaces together (its braces stay).
    /// For a match list, [MainCf#members(Parameter)] reads the files among them.
    public static Parameter<List<String>> list(String name, String defaultText) {
        return of(name, defaultText, Values::list);
    }

    /// One word of a closed set.
    public static <E> Parameter<E> choice(String name, String defaultText, Map<String, E> words) {
        return of(name, defaultText, text -> Values.choice(text, words));
    }

    public Parameter<T> doc(String text) {
        return new Parameter<>(name, defaultText, text, parser, raw);
    }

    /// The same parameter, for values that pass a test only: `integer(…).where(n -> n > 0, "at least 1")`.
    ///
    /// @param right what would be right, after "is not"
    public Parameter<T> where(Predicate<? super T> test, String right) {
        Function<String, T> checked = text -> {
            T value = parser.apply(text);
            if (!test.test(value)) {
                throw new IllegalArgumentException("\"" + text + "\" is not " + right);
            }
            return value;
        };
        return new Parameter<>(name, defaultText, doc, checked, raw);
    }

    /// The same kind of parameter under another name and default: `relay_destination_concurrency_limit` with
    /// the default `$default_destination_concurrency_limit`.
    public Parameter<T> as(String otherName, String otherDefault) {
        return new Parameter<>(otherName, otherDefault, doc, parser, raw);
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

    /// Whether the text is used without expansion.
    public boolean isRaw() {
        return raw;
    }

    /// The value of an expanded text.
    ///
    /// @throws IllegalArgumentException with what would be right ("a time such as 300s or 5m")
    public T parse(String expanded) {
        return parser.apply(expanded);
    }

    /// Two parameters are equal when they read the same name in the same way.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Parameter<?> theirs
                && name.equals(theirs.name)
                && defaultText.equals(theirs.defaultText)
                && parser.equals(theirs.parser)
                && raw == theirs.raw;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
