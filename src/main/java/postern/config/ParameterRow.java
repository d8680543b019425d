package postern.config;

/// What is known of a parameter: a row of `parameters.tsv`.
///
/// @param defaultText the default as main.cf text, or [Parameters#MACHINE]
/// @param effect what setting it does here
/// @param because why, where it does not simply work; empty else
public record ParameterRow(String name, String defaultText, Effect effect, String because) {

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

    /// Reads `name TAB default TAB effect`, where the effect is `works` or `refuses start, because …`.
    static ParameterRow parse(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length == 3) {
            for (Effect effect : Effect.values()) {
                String start = effect == Effect.WORKS ? "works" : effect + ", because ";
                boolean fits = effect == Effect.WORKS ? cells[2].equals(start) : cells[2].startsWith(start);
                if (fits) {
                    return new ParameterRow(cells[0], cells[1], effect, cells[2].substring(start.length()));
                }
            }
        }
        throw new IllegalStateException("parameters.tsv: no row: " + line);
    }

    /// The third cell: `works`, or effect and reason.
    public String words() {
        return effect == Effect.WORKS ? effect.toString() : effect + ", because " + because;
    }
}
