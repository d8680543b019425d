package postern.sasl;

import java.nio.charset.StandardCharsets;

/// XOAUTH2: the password is a bearer token. When the server refuses it, it first says why in a challenge,
/// which is answered with nothing.
record ClientXoauth2(Credentials credentials) implements ClientMechanism {
    @Override
    public String name() {
        return "XOAUTH2";
    }

    @Override
    public byte[] initial() {
        return ("user=" + credentials.login() + "\u0001auth=Bearer " + credentials.password() + "\u0001\u0001")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] respond(byte[] challenge) {
        return new byte[0];
    }
}
