package postern.smtp.server;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;
import postern.smtp.server.Identity.Forwarded;

/// XFORWARD (XFORWARD_README): where the next message came from first. For the log only: policy sees the
/// client.
record XForward(Map<String, String> attributes) implements Command {
    private static final Set<String> KNOWN = Set.of("NAME", "ADDR", "PORT", "PROTO", "HELO", "SOURCE", "IDENT");
    private static final Reply OK = Reply.of("250 2.0.0 Ok");

    static Command parse(SmtpParser parser) {
        return new XForward(Attributes.parse(parser, "XFORWARD", KNOWN));
    }

    @Override
    public Reply run(SmtpSession session) {
        if (!session.server().mayUseXForward(session.identity())) {
            throw new Reply.Refused("550 5.7.0 Error: insufficient authorization");
        }
        session.requireNoTransaction("503 5.5.1 Error: MAIL transaction in progress");
        Forwarded before = session.identity().forwarded();
        Forwarded known = before == null ? Forwarded.UNKNOWN : before;
        session.identity(session.identity()
                .withForwarded(new Forwarded(
                        given("NAME", known.name(), Client.UNKNOWN),
                        given("ADDR", known.address(), Client.UNKNOWN),
                        given("IDENT", known.identity(), ""))));
        return OK;
    }

    /// @param before when the attribute is not given
    /// @param none when its value is `[UNAVAILABLE]`
    private String given(String name, String before, String none) {
        String value = attributes.get(name);
        if (value == null) {
            return before;
        }
        String upper = value.toUpperCase(Locale.ROOT);
        return upper.equals("[UNAVAILABLE]") || upper.equals("[TEMPUNAVAIL]") ? none : value;
    }
}
