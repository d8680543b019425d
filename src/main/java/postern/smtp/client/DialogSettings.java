package postern.smtp.client;

import java.util.List;
import postern.config.MainCf;
import postern.config.Parameter;

/// How every dialog of a client is held.
///
/// @param lineLimit the most bytes of a line of text; 0 for no limit
/// @param xforward whether the client's facts are passed on to servers that take them
/// @param awaitQuit whether the reply to QUIT is awaited
/// @param forOneClient whether the dialog has been opened in the name of one client, and serves no other
record DialogSettings(Protocol protocol, int lineLimit, boolean xforward, boolean awaitQuit, boolean forOneClient) {
    static final Parameter<Integer> SMTP_LINE_LENGTH_LIMIT = Parameter.integer("smtp_line_length_limit", "998")
            .doc("The longest line of text that is sent; longer ones are broken with CR LF SPACE. 0: no limit.");
    static final Parameter<Boolean> SMTP_SEND_XFORWARD_COMMAND = Parameter.bool("smtp_send_xforward_command", "no")
            .doc("Whether XFORWARD passes on who handed the message in, to servers that offer it.");
    static final Parameter<Boolean> SMTP_SKIP_QUIT_RESPONSE = Parameter.bool("smtp_skip_quit_response", "yes")
            .doc("Whether the connection is closed without waiting for the reply to QUIT.");

    static final List<Parameter<?>> PARAMETERS =
            List.of(SMTP_LINE_LENGTH_LIMIT, SMTP_SEND_XFORWARD_COMMAND, SMTP_SKIP_QUIT_RESPONSE);

    DialogSettings(MainCf main, Protocol protocol) {
        this(
                protocol,
                main.get(SMTP_LINE_LENGTH_LIMIT),
                main.get(SMTP_SEND_XFORWARD_COMMAND),
                !main.get(SMTP_SKIP_QUIT_RESPONSE),
                false);
    }

    /// Those of one dialog. A next hop of ours that does not take the client for its own hears of it by XFORWARD.
    DialogSettings of(boolean hasClient, boolean speaksForIt) {
        return new DialogSettings(protocol, lineLimit, xforward || (hasClient && !speaksForIt), awaitQuit, speaksForIt);
    }
}
