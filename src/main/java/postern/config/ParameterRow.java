package postern.config;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is known of a parameter: a row of `parameters.tsv`.
///
/// @param defaultText the default as main.cf text, or [Parameters#MACHINE]
/// @param effect what setting it to something else does here
/// @param because why, where it does not simply work; empty else
/// @param difference how the default differs from Postfix's; null where it does not
public record ParameterRow(
        String name,
        String defaultText,
        Effect effect,
        String because,
        @Nullable Difference difference) {

    /// What a parameter that is set to other than its default does.
    public enum Effect {
        WORKS("works"),
        NONE("no effect here"),
        WARNS("warns"),
        REFUSES("refuses start");

        private final String words;

        Effect(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /// A default of ours that is not Postfix's.
    ///
    /// @param postfixDefault what Postfix has
    /// @param reason why it is another one here
    public record Difference(String postfixDefault, String reason) {}

    /// Reads `name TAB default TAB effect`, where the effect is `works` or `refuses start, because …`; where
    /// the default is our own, Postfix's and the reason follow.
    static ParameterRow parse(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length == 3 || cells.length == 5) {
            for (Effect effect : Effect.values()) {
                String start = effect == Effect.WORKS ? "works" : effect + ", because ";
                if (effect == Effect.WORKS ? cells[2].equals(start) : cells[2].startsWith(start)) {
                    Difference difference = cells.length == 5 ? new Difference(cells[3], cells[4]) : null;
                    return new ParameterRow(cells[0], cells[1], effect, cells[2].substring(start.length()), difference);
                }
            }
        }
        throw new IllegalStateException("parameters.tsv: no row: " + Arrays.toString(cells));
    }

    /// The default that Postfix has.
    public String postfixDefault() {
        return difference == null ? defaultText : difference.postfixDefault();
    }

    /// The third cell: `works`, or effect and reason.
    public String words() {
        return effect == Effect.WORKS ? effect.toString() : effect + ", because " + because;
    }
}
