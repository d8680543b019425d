package postern.pop3.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.sasl.Authenticator;
import postern.sasl.Authenticator.Step;
import postern.sasl.Login;
import postern.wire.LineReader;

/// AUTH (RFC 5034). Alone on its line it lists the mechanisms, as older clients want it.
///
/// @param mechanism in upper case; empty to be told which there are
/// @param initial the initial response in base64, `=` for an empty one, or null
record Auth(String mechanism, @Nullable String initial) implements Command {
    static final String DISALLOWED =
            "-ERR [AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.";
    static final String UNSUPPORTED = "-ERR [AUTH] Unsupported authentication mechanism.";

    /// Bytes of a line in a login (RFC 4422 leaves it to us; tokens of OAuth are long).
    static final int LONGEST_LINE = 12288;

    static Auth parse(Pop3Parser parser) {
        String mechanism = parser.word().toUpperCase(Locale.ROOT);
        String initial = parser.word();
        parser.noMore();
        return new Auth(mechanism, initial.isEmpty() ? null : initial);
    }

    @Override
    public Response run(Pop3Session session) throws IOException {
        if (mechanism.isEmpty()) {
            return Response.of("+OK", to -> Lines.write(to, session.mechanisms()));
        }
        byte[] first = initial == null ? null : initial.equals("=") ? new byte[0] : decode(initial);
        return converse(session, first);
    }

    /// Goes through the whole login.
    ///
    /// @param response the initial one, or null
    Response converse(Pop3Session session, byte @Nullable [] response) throws IOException {
        Authenticator.Exchange exchange = session.begin(mechanism);
        if (exchange == null) {
            throw new Response.Refused(session.knows(mechanism) ? DISALLOWED : UNSUPPORTED);
        }
        byte[] next = response;
        while (true) {
            switch (exchange.next(next)) {
                case Step.Challenge(byte[] challenge) -> next = ask(session, challenge);
                case Step.Success(Login login, byte @Nullable [] last) -> {
                    if (last != null) {
                        ask(session, last);
                    }
                    return session.enter(login, mechanism);
                }
                case Step.Failure failure -> {
                    return failed(session, failure);
                }
            }
        }
    }

    private static byte[] ask(Pop3Session session, byte[] challenge) throws IOException {
        session.prompt("+ " + Base64.getEncoder().encodeToString(challenge));
        String line;
        try {
            line = session.line(LONGEST_LINE);
        } catch (LineReader.TooLong e) {
            throw new Response.Refused("-ERR Authentication response too long.");
        }
        if (line.equals("*")) {
            throw new Response.Refused("-ERR Authentication aborted by client.");
        }
        return decode(line);
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new Response.Refused("-ERR Invalid base64 data in response.");
        }
    }

    private Response failed(Pop3Session session, Step.Failure failure) {
        session.loginFailed(mechanism, failure.reason());
        session.server().pause(failure.delay());
        if (failure.temporary()) {
            return Response.of("-ERR [SYS/TEMP] Temporary authentication failure.");
        }
        return Response.of("-ERR [AUTH] Authentication failed.");
    }

    /// Never the response: it must not get into a log.
    @Override
    public String toString() {
        return "AUTH " + mechanism;
    }
}
