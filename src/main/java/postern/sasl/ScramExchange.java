package postern.sasl;

import com.ongres.scram.common.ScramFunctions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// SCRAM-SHA-256 (RFC 5802, RFC 7677) from the server's side; SCRAM-SHA-256-PLUS is bound to the TLS connection, so
/// that nobody in between can pass it on.
///
/// The AuthMessage is made of the messages as they went over the wire, not of what was read from them.
final class ScramExchange implements Authenticator.Exchange {
    private static final int NONCE_BYTES = 18;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Logins logins;
    private final Authenticator.Peer client;
    private final boolean binds;
    private final String serverNonce;
    private @Nullable Started started;

    /// What is known once the first messages have been exchanged.
    private record Started(ScramFirst first, Claim claim, Proofs.ScramOffer offer, String nonce, String serverFirst) {}

    /// @param binds whether it is the one with channel binding
    ScramExchange(Logins logins, Authenticator.Peer client, boolean binds) {
        this(logins, client, binds, ScramFunctions.nonce(NONCE_BYTES, RANDOM));
    }

    ScramExchange(Logins logins, Authenticator.Peer client, boolean binds, String serverNonce) {
        this.logins = logins;
        this.client = client;
        this.binds = binds;
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
        if (first == null || first.binding().isEmpty() == binds) {
            return Logins.malformed("the client-first-message is not one of RFC 5802 for this mechanism");
        }
        if (binds && client.binding(first.binding()) == null) {
            return Logins.malformed("the channel binding " + first.binding() + " is not to be had");
        }
        if (first.gs2Header().startsWith("y") && client.bindsChannel()) {
            return Logins.malformed("somebody in between has hidden SCRAM-SHA-256-PLUS from the client");
        }
        Claim claim = logins.claim(SaslPrep.orSame(first.authzid()), SaslPrep.orSame(first.login()));
        if (claim == null) {
            return Logins.malformed("acting for another login is not possible");
        }
        Proofs.ScramOffer offer = logins.scram(claim);
        ScramKeys keys = offer.shown();
        String nonce = first.nonce() + serverNonce;
        String serverFirst =
                "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(keys.salt()) + ",i=" + keys.iterations();
        started = new Started(first, claim, offer, nonce, serverFirst);
        return new Authenticator.Step.Challenge(serverFirst.getBytes(StandardCharsets.UTF_8));
    }

    private Authenticator.Step last(Started talk, String message) {
        ScramFinal last = ScramFinal.parse(message);
        if (last == null
                || !MessageDigest.isEqual(last.channel(), channel(talk.first))
                || !last.nonce().equals(talk.nonce)) {
            return Logins.malformed("the client-final-message is not one of RFC 5802 or of this exchange");
        }
        String refusal = logins.admit(talk.claim, client);
        if (refusal != null) {
            return Logins.unchecked(refusal);
        }
        try {
            String authMessage = talk.first.bare() + "," + talk.serverFirst + "," + last.withoutProof();
            for (Credential each : talk.offer.candidates()) {
                ScramKeys keys = each.keys();
                if (keys != null && keys.proves(last.proof(), authMessage)) {
                    String verifier = "v=" + Base64.getEncoder().encodeToString(keys.serverSignature(authMessage));
                    return logins.proved(talk.claim, each.by(), client, verifier.getBytes(StandardCharsets.US_ASCII));
                }
            }
            return logins.failure(talk.claim, null, client);
        } finally {
            logins.done(client);
        }
    }

    /// What the client says again at the end: its header, and what the login is bound to.
    private byte[] channel(ScramFirst first) {
        byte[] header = first.gs2Header().getBytes(StandardCharsets.UTF_8);
        byte[] binding = binds ? client.binding(first.binding()) : null;
        if (binding == null) {
            return header;
        }
        byte[] both = Arrays.copyOf(header, header.length + binding.length);
        System.arraycopy(binding, 0, both, header.length, binding.length);
        return both;
    }
}
