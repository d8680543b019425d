package postern.lookup;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A compiled expression of `regexp:` or `pcre:`.
///
/// @param pattern over [ByteText]
/// @param anchored whether it can match at the start only
record Expression(Pattern pattern, boolean anchored) {
    /// A kind of expression: its name, and what its flags and text mean.
    interface Dialect {
        /// `regexp` or `pcre`
        String name();

        /// The letters that may follow the closing delimiter.
        String flags();

        /// Whether `/first/!/second/` is one rule.
        boolean hasSecond();

        /// @param expression as [ByteText]
        /// @throws IllegalArgumentException with what is wrong, or what we cannot do
        Expression compile(String expression, String flags);
    }

    /// The match, or null.
    ///
    /// @param text as [ByteText]
    /// @throws ReadLimit.Passed when it takes too long
    @Nullable
    MatchResult match(String text) {
        Matcher matcher = pattern.matcher(new ReadLimit(text));
        try {
            return (anchored ? matcher.lookingAt() : matcher.find()) ? matcher : null;
        } catch (StackOverflowError e) {
            // java.util.regex recurses once per repeated group; a long text can exhaust the stack.
            throw new ReadLimit.Passed();
        }
    }

    int groups() {
        return pattern.matcher("").groupCount();
    }
}
