package postern.transcript;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// A server with everything round it, on which a transcript is played.
public interface Scene extends AutoCloseable {
    /// A parameter of the configuration.
    void set(String name, String value);

    /// A line of the stage that is none: `dns …`, `user …`.
    void say(String word, String rest) throws IOException;

    /// What happens on the n-th connection to a next hop.
    default void behind(int connection, String step) {
        throw new AssertionError("nothing is behind this server");
    }

    /// A client connects.
    ClientEnd connect(String address) throws IOException;

    void advance(Duration time);

    /// The server is to stop.
    void stopping() throws IOException;

    /// Whether a claim holds that is not of the log or of a connection; it fails by itself when it does not.
    void check(String word, String rest) throws IOException;

    /// What the server has logged: `service: text`.
    List<String> log();

    /// How long the server has kept clients waiting on purpose.
    Duration paused();

    /// All has been played, and all clients have gone: what still must be so.
    default void checkBehind() {}

    /// All clients go away.
    @Override
    void close();

    /// What a transcript claims, and what is so.
    static void same(String wanted, String found) {
        if (!wanted.equals(found)) {
            throw new AssertionError("found: " + found.replace("\r", "\\r").replace("\n", "\\n"));
        }
    }
}
