package postern.sasl;

import java.io.IOException;

/// Tells whose access token that is (OAuth 2). Safe for use from many threads; may wait for a network.
@FunctionalInterface
public interface TokenProvider {
    /// @return the login that the token is for; empty when it is not valid
    /// @throws IOException when that cannot be known now: no reason to say that a token is wrong
    String owner(String token) throws IOException;
}
