package postern.sasl;

import com.ongres.scram.common.ScramFunctions;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// SCRAM-SHA-256 (RFC 5802, RFC 7677) from the server's side, without channel binding.
///
/// The AuthMessage is made of the messages as they went over the wire, not of what was read from them.
final class ScramExchange implements Authenticator.Exchange {
    private static final int NONCE_BYTES = 18;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Logins logins;
    private final Authenticator.Peer client;
    private final String serverNonce;
    private @Nullable Started started;

    /// What is known once the first messages have been exchanged.
    private record Started(ScramFirst first, Claim claim, ScramKeys keys, String nonce, String serverFirst) {}

    ScramExchange(Logins logins, Authenticator.Peer client) {
        this(logins, client, ScramFunctions.nonce(NONCE_BYTES, RANDOM));
    }

    ScramExchange(Logins logins, Authenticator.Peer client, String serverNonce) {
        this.logins = logins;
        this.client = client;
        this.serverNonce = serverNonce;
    }

    @Override
    public Authenticator.Step next(byte @Nullable [] response) {
        if (response == null) {
            return new Authenticator.Step.Challenge(new byte[0]);
        }
        String text = Responses.text(response);
        if (text == null) {
            return Logins.malformed("the SCRAM message is too long or not UTF-8");
        }
        return started == null ? first(text) : last(started, text);
    }

    private Authenticator.Step first(String message) {
        ScramFirst first = ScramFirst.parse(message);
        if (first == null) {
            return Logins.malformed("the client-first-message is not one of RFC 5802 without channel binding");
        }
        Claim claim = logins.claim(SaslPrep.orSame(first.authzid()), SaslPrep.orSame(first.login()));
        if (claim == null) {
            return Logins.malformed("acting for another login is not possible");
        }
        ScramKeys keys = logins.keys(claim);
        String nonce = first.nonce() + serverNonce;
        String serverFirst =
                "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(keys.salt()) + ",i=" + keys.iterations();
        started = new Started(first, claim, keys, nonce, serverFirst);
        return new Authenticator.Step.Challenge(serverFirst.getBytes(StandardCharsets.UTF_8));
    }

    private Authenticator.Step last(Started talk, String message) {
        ScramFinal last = ScramFinal.parse(message);
        if (last == null
                || !last.channel().equals(talk.first.gs2Header())
                || !last.nonce().equals(talk.nonce)) {
            return Logins.malformed("the client-final-message is not one of RFC 5802 or of this exchange");
        }
        String refusal = logins.admit(talk.claim, client);
        if (refusal != null) {
            return Logins.unchecked(refusal);
        }
        try {
            String authMessage = talk.first.bare() + "," + talk.serverFirst + "," + last.withoutProof();
            if (!talk.keys.proves(last.proof(), authMessage)) {
                return logins.failure(talk.claim, null, client);
            }
            String verifier = "v=" + Base64.getEncoder().encodeToString(talk.keys.serverSignature(authMessage));
            return logins.proved(talk.claim, client, verifier.getBytes(StandardCharsets.US_ASCII));
        } finally {
            logins.done(client);
        }
    }
}
