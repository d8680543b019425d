package postern.pop3.server;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import postern.wire.DotWriter;

/// The answer to a command (RFC 1939 §3).
///
/// @param line `+OK …` or `-ERR …`, response code (RFC 2449 §8) included
/// @param body what follows, up to a line with a dot; null when nothing does
/// @param closes whether the connection ends with it
record Response(String line, @Nullable Body body, boolean closes) {
    /// What follows a response, written piece by piece.
    @FunctionalInterface
    interface Body extends Closeable {
        /// Writes all of it, but the end.
        ///
        /// @throws IOException when it cannot go on: the session ends, as the client must not take what it has
        ///     for the whole
        void write(DotWriter to) throws IOException;

        /// Gives back what it holds, written or not.
        @Override
        default void close() throws IOException {}
    }

    static final Response OK = new Response("+OK", null, false);

    static Response of(String line) {
        return new Response(line, null, false);
    }

    static Response of(String line, Body body) {
        return new Response(line, body, false);
    }

    /// One with which the connection ends.
    static Response last(String line) {
        return new Response(line, null, true);
    }

    boolean isPositive() {
        return line.startsWith("+OK");
    }

    /// The text alone, for the log.
    String reason() {
        return line.replaceFirst("^(\\+OK|-ERR) (\\[[^]]*] )?", "").replaceFirst("\\.$", "");
    }

    @Override
    public String toString() {
        return line;
    }

    /// Thrown where a command cannot go on, and caught once, in `Pop3Session`, which answers with its response.
    /// Carries no stack.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Response response;

        Refused(Response response) {
            super(response.line(), null, false, false);
            this.response = response;
        }

        Refused(String literal) {
            this(Response.of(literal));
        }

        Response response() {
            return response;
        }
    }
}
