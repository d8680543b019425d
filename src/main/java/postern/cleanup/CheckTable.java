package postern.cleanup;

import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.message.Field;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;

/// One of the tables of header_checks(5): what it says of a field or of a line of text.
///
/// @param parameter `header_checks` or one of its kin: Postfix's log calls the table so
record CheckTable(String parameter, Table table) {
    private static final String CONTENT_REJECTED = "message content rejected";

    /// What is to be done.
    sealed interface Action {
        /// It stays.
        record Pass() implements Action {}

        /// It stays, and nothing of the message is looked at any more.
        record PassAll(String text) implements Action {}

        record Reject(Reply reply) implements Action {}

        record Discard(String text) implements Action {}

        record Hold(String text) implements Action {}

        /// It is left out.
        record Ignore() implements Action {}

        /// It is left out, and the log says so.
        record Strip(String text) implements Action {}

        /// A line to put in front of it.
        record Prepend(String text) implements Action {}

        /// A text to put in its place.
        record Replace(String text) implements Action {}

        record Redirect(Address to) implements Action {}

        record Bcc(Address to) implements Action {}

        record Filter(String destination) implements Action {}

        /// A line for the log: `warning` or `info`.
        record Note(String level, String text) implements Action {}

        /// The table said what nobody understands: it stays.
        record Useless(String warning) implements Action {}

        /// The table could not be asked.
        record Fail(String reason) implements Action {}
    }

    /// What is looked at: in a header, what is put in must be a header field.
    enum Kind {
        HEADER,
        BODY;

        /// Postfix's word in the log.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Set<String> NEED_A_QUEUE = Set.of("HOLD", "REDIRECT", "BCC", "FILTER");
    private static final Action PASS = new Action.Pass();

    /// The first of its actions that only a message which is kept can undergo; null when there is none.
    @Nullable
    String keepingAction() {
        return table.results()
                .map(result -> result.strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT))
                .filter(NEED_A_QUEUE::contains)
                .findFirst()
                .orElse(null);
    }

    /// What the table says of a field on its lines, or of a line; nothing of an empty one.
    Action check(Kind kind, String text) {
        if (text.isEmpty()) {
            return PASS;
        }
        return switch (table.find(text)) {
            case Lookup.NotFound _ -> PASS;
            case Lookup.TempFail(String reason) -> new Action.Fail(table.name() + ": " + reason);
            case Lookup.Found(String result) -> parse(kind, result.strip());
        };
    }

    private Action parse(Kind kind, String result) {
        int space = 0;
        while (space < result.length() && result.charAt(space) != ' ' && result.charAt(space) != '\t') {
            space++;
        }
        String word = result.substring(0, space).toUpperCase(Locale.ROOT);
        String text = result.substring(space).strip();
        return switch (word) {
            case "DUNNO", "OK" -> PASS;
            case "PASS" -> new Action.PassAll(text);
            case "REJECT" -> new Action.Reject(rejection(text));
            case "DISCARD" -> new Action.Discard(text);
            case "HOLD" -> new Action.Hold(text);
            case "IGNORE" -> new Action.Ignore();
            case "STRIP" -> new Action.Strip(text);
            case "WARN" -> new Action.Note("warning", text);
            case "INFO" -> new Action.Note("info", text);
            case "PREPEND", "REPLACE" -> put(kind, word, text);
            case "REDIRECT" -> addressed(text, "REDIRECT target", Action.Redirect::new);
            case "BCC" -> addressed(text, "BCC address", Action.Bcc::new);
            case "FILTER" -> filter(text);
            default -> new Action.Useless("unknown command in " + parameter + " map: " + result);
        };
    }

    /// `550 5.7.1 text`; with a status of class 4 in front of the text, 451.
    private static Reply rejection(String text) {
        String words = text.isEmpty() ? CONTENT_REJECTED : text;
        EnhancedStatus given = EnhancedStatus.leading(words);
        if (given == null) {
            return Reply.of("550 5.7.1 " + words);
        }
        int statusClass = given.statusClass() == 5 ? 5 : 4;
        String rest = words.substring(given.toString().length()).strip();
        return Reply.of((statusClass == 5 ? "550 " : "451 ") + given.withClass(statusClass) + " " + rest);
    }

    private Action put(Kind kind, String word, String text) {
        if (text.isEmpty()) {
            return new Action.Useless(word + " action without text in " + parameter + " map");
        }
        if (kind == Kind.HEADER && Field.of(text) == null) {
            return new Action.Useless("bad " + word + " header text \"" + text + "\" in " + parameter
                    + " map -- need \"headername: headervalue\"");
        }
        return word.equals("PREPEND") ? new Action.Prepend(text) : new Action.Replace(text);
    }

    private Action addressed(String text, String what, Function<Address, Action> action) {
        return text.indexOf('@') < 0
                ? new Action.Useless("bad " + what + " \"" + text + "\" in " + parameter + " map -- need user@domain")
                : action.apply(Address.ofInternal(text));
    }

    private Action filter(String text) {
        if (text.isEmpty()) {
            return new Action.Useless("missing FILTER command argument in " + parameter + " map");
        }
        return text.indexOf(':') < 0
                ? new Action.Useless(
                        "bad FILTER command " + text + " in " + parameter + " -- need transport:destination")
                : new Action.Filter(text);
    }
}
