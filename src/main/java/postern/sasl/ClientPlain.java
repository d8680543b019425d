package postern.sasl;

import java.nio.charset.StandardCharsets;

/// PLAIN (RFC 4616).
record ClientPlain(Credentials credentials) implements ClientMechanism {
    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public byte[] initial() {
        return ("\0" + credentials.login() + "\0" + credentials.password()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] respond(byte[] challenge) throws LoginFailed {
        throw new LoginFailed("unexpected challenge");
    }
}
