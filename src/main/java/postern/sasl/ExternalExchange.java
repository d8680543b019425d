package postern.sasl;

/// EXTERNAL (RFC 4422 appendix A): who the client's certificate says, whose key the handshake of TLS has proved. The
/// one message is whom to be; empty for the certificate's account.
final class ExternalExchange implements Authenticator.Exchange {
    private final Logins logins;
    private final Authenticator.Peer client;

    ExternalExchange(Logins logins, Authenticator.Peer client) {
        this.logins = logins;
        this.client = client;
    }

    @Override
    public Authenticator.Step next(byte @org.jspecify.annotations.Nullable [] response) {
        if (response == null) {
            return new Authenticator.Step.Challenge(new byte[0]);
        }
        String authzid = Responses.text(response);
        return authzid == null || authzid.indexOf('\0') >= 0
                ? Logins.malformed("the EXTERNAL message is too long or not UTF-8")
                : logins.external(authzid, client);
    }
}
