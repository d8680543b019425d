package postern.pop3.server;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The table of commands. To add one: its file, and its row here.
enum Verb {
    CAPA(Capa::parse, State.ANY),
    STLS(Stls::parse, State.AUTHORIZATION),
    UTF8(Utf8Mode::parse, State.AUTHORIZATION),
    LANG(Lang::parse, State.ANY),
    USER(User::parse, State.AUTHORIZATION),
    PASS(Pass::parse, State.AUTHORIZATION),
    AUTH(Auth::parse, State.AUTHORIZATION),
    STAT(Stat::parse, State.TRANSACTION),
    LIST(Listing::parse, State.TRANSACTION),
    UIDL(Uidl::parse, State.TRANSACTION),
    RETR(Retr::parse, State.TRANSACTION),
    TOP(Top::parse, State.TRANSACTION),
    DELE(Dele::parse, State.TRANSACTION),
    RSET(Rset::parse, State.TRANSACTION),
    NOOP(Noop::parse, State.TRANSACTION),
    QUIT(Quit::parse, State.ANY);

    /// Where a session must be for a command (RFC 1939 §3).
    enum State {
        AUTHORIZATION,
        TRANSACTION,
        ANY
    }

    private static final Verb[] ALL = values();

    private final Function<Pop3Parser, Command> parser;
    private final State state;

    Verb(Function<Pop3Parser, Command> parser, State state) {
        this.parser = parser;
        this.state = state;
    }

    /// The verb that a line begins with, or null.
    static @Nullable Verb of(String line) {
        for (Verb verb : ALL) {
            int length = verb.name().length();
            if (line.regionMatches(true, 0, verb.name(), 0, length)
                    && (line.length() == length || line.charAt(length) == ' ')) {
                return verb;
            }
        }
        return null;
    }

    /// Whether it may be used there.
    boolean isFor(State where) {
        return state == State.ANY || state == where;
    }

    /// The command in a line that begins with this verb.
    ///
    /// @throws Response.Refused when it is none
    Command parse(String line) {
        return parser.apply(new Pop3Parser(line.substring(name().length())));
    }
}
