package postern.cleanup;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.lookup.Lookup;
import postern.lookup.Table;

/// `header_checks` (header_checks(5)): each field is shown to a table, and what the table says is done.
final class HeaderChecks {
    private final Table table;

    HeaderChecks(Table table) {
        this.table = table;
    }

    /// What is to be done because of one field.
    sealed interface Action {
        /// The field passes.
        record Pass() implements Action {}

        record Reject(String text) implements Action {}

        record Discard(String text) implements Action {}

        record Hold(String text) implements Action {}

        /// The field is left out.
        record Ignore() implements Action {}

        /// A line to put in front of the field.
        record Prepend(String text) implements Action {}

        /// A text to put in place of the field.
        record Replace(String text) implements Action {}

        record Redirect(String address) implements Action {}

        record Bcc(String address) implements Action {}

        record Filter(String destination) implements Action {}

        /// A line for the log: `warning` or `info`.
        record Note(String level, String text) implements Action {}

        /// The table could not be asked, or said what nobody understands.
        record Fail(String reason) implements Action {}
    }

    private static final Action PASS = new Action.Pass();

    /// What the table says of a field.
    ///
    /// @param field the whole field on its lines, without the last line end
    Action check(String field) {
        return switch (table.find(field)) {
            case Lookup.NotFound _ -> PASS;
            case Lookup.TempFail(String reason) -> new Action.Fail(table.name() + ": " + reason);
            case Lookup.Found(String result) -> parse(result.strip());
        };
    }

    private static final Map<String, String> WITHOUT_TEXT =
            Map.of("REJECT", "Message content rejected", "DISCARD", "", "HOLD", "");

    private Action parse(String result) {
        int space = result.indexOf(' ');
        String word = (space < 0 ? result : result.substring(0, space)).toUpperCase(Locale.ROOT);
        String rest = space < 0 ? "" : result.substring(space + 1).strip();
        String text = rest.isEmpty() ? WITHOUT_TEXT.getOrDefault(word, "") : rest;
        Action action = switch (word) {
            case "DUNNO", "OK", "PASS" -> PASS;
            case "REJECT" -> new Action.Reject(text);
            case "DISCARD" -> new Action.Discard(text);
            case "HOLD" -> new Action.Hold(text);
            case "IGNORE" -> new Action.Ignore();
            case "STRIP" -> new Action.Note("strip", text);
            case "WARN" -> new Action.Note("warning", text);
            case "INFO" -> new Action.Note("info", text);
            default -> withArgument(word, rest);
        };
        return action;
    }

    private Action withArgument(String word, String rest) {
        @Nullable
        Action action = rest.isEmpty()
                ? null
                : switch (word) {
                    case "PREPEND" -> new Action.Prepend(rest);
                    case "REPLACE" -> new Action.Replace(rest);
                    case "REDIRECT" -> new Action.Redirect(rest);
                    case "BCC" -> new Action.Bcc(rest);
                    case "FILTER" -> new Action.Filter(rest);
                    default -> null;
                };
        return action != null
                ? action
                : new Action.Fail("unknown action in " + table.name() + ": " + word + " " + rest);
    }
}
