package postern.pop3.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// PASS (RFC 1939 §7): the second half of a login; the same as PLAIN.
///
/// @param password all that stood behind the space
record Pass(String password) implements Command {
    /// The mechanism that USER and PASS are another form of.
    static final String MECHANISM = "PLAIN";

    static Pass parse(Pop3Parser parser) {
        return new Pass(parser.rest());
    }

    /// @throws Response.Refused where passwords may not be sent
    static void requireOffered(Pop3Session session) {
        if (!session.mayUsePlaintext()) {
            throw new Response.Refused(Auth.DISALLOWED);
        }
        if (!session.mechanisms().contains(MECHANISM)) {
            throw new Response.Refused(Auth.UNSUPPORTED);
        }
    }

    @Override
    public Response run(Pop3Session session) throws IOException {
        requireOffered(session);
        String user = session.user();
        session.user("");
        if (user.isEmpty()) {
            throw new Response.Refused("-ERR No username given.");
        }
        byte[] message = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return new Auth(MECHANISM, null).converse(session, message);
    }

    /// Never the password: it must not get into a log.
    @Override
    public String toString() {
        return "PASS";
    }
}
