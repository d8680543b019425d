package postern.smtp.server;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.smtp.SmtpParser;

/// The table of verbs, in the order of the log's `disconnect` line. To add one: its file, and its row here.
enum Verb {
    HELO(Helo::parse, Flag.BEFORE_TLS, Flag.ENDS_PIPELINE, Flag.JUNK),
    EHLO(Ehlo::parse, Flag.BEFORE_TLS, Flag.ENDS_PIPELINE, Flag.JUNK),
    LHLO(Ehlo::parseLhlo, Flag.BEFORE_TLS, Flag.ENDS_PIPELINE, Flag.JUNK),
    XCLIENT(XClient::parse, Flag.BEFORE_TLS, Flag.ENDS_PIPELINE),
    XFORWARD(XForward::parse),
    XFATE(XFate::parse),
    STARTTLS(StartTls::parse, Flag.BEFORE_TLS),
    AUTH(Auth::parse, Flag.ENDS_PIPELINE),
    MAIL(Mail::parse),
    RCPT(Rcpt::parse),
    DATA(Data::parse, Flag.ENDS_PIPELINE),
    BDAT(Bdat::parse),
    RSET(Rset::parse, Flag.JUNK),
    NOOP(Noop::parse, Flag.BEFORE_TLS, Flag.ENDS_PIPELINE, Flag.JUNK),
    VRFY(Vrfy::parse, Flag.ENDS_PIPELINE, Flag.JUNK),
    ETRN(Etrn::parse, Flag.JUNK),
    HELP(Help::parse, Flag.BEFORE_TLS, Flag.JUNK),
    QUIT(Quit::parse, Flag.BEFORE_TLS, Flag.ENDS_PIPELINE);

    /// What the loop knows of a verb.
    enum Flag {
        /// Also where TLS is demanded and has not begun.
        BEFORE_TLS,
        /// The client must wait for its reply before it goes on (RFC 2920 §3.1).
        ENDS_PIPELINE,
        /// Brings no mail forward: counted against `smtpd_junk_command_limit`.
        JUNK
    }

    private static final Verb[] ALL = values();

    private final Function<SmtpParser, Command> parser;
    private final Set<Flag> flags;

    Verb(Function<SmtpParser, Command> parser, Flag... flags) {
        this.parser = parser;
        this.flags = flags.length == 0 ? EnumSet.noneOf(Flag.class) : EnumSet.copyOf(List.of(flags));
    }

    /// The verb that a line begins with, or null.
    static @Nullable Verb of(String line) {
        for (Verb verb : ALL) {
            int length = verb.name().length();
            if (line.regionMatches(true, 0, verb.name(), 0, length)
                    && (line.length() == length || line.charAt(length) == ' ' || line.charAt(length) == '\t')) {
                return verb;
            }
        }
        return null;
    }

    boolean has(Flag flag) {
        return flags.contains(flag);
    }

    /// The command in a line that begins with this verb.
    ///
    /// @throws postern.smtp.Reply.Refused when it is none
    Command parse(String line) {
        return parser.apply(new SmtpParser(line.substring(name().length())));
    }
}
