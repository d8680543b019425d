package postern.sasl;

import org.jspecify.annotations.Nullable;

/// One SASL exchange from the client's side (RFC 4422). Used by one thread, for one login.
public interface ClientMechanism {
    /// In upper case: `SCRAM-SHA-256`.
    String name();

    /// What is sent along with AUTH, or null when the server speaks first.
    byte @Nullable [] initial();

    /// The answer to the server's next challenge.
    ///
    /// @throws LoginFailed when the challenge breaks the mechanism's grammar, or the server has not proved
    ///     what it must
    byte[] respond(byte[] challenge) throws LoginFailed;

    /// Whether the server may say now that the login succeeded: a server that has not proved that it knows
    /// the password may not, where the mechanism makes it prove that.
    default boolean isComplete() {
        return true;
    }
}
