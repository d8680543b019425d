package postern.sasl;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// SCRAM-SHA-256 (RFC 5802, RFC 7677) from the client's side, without channel binding. The server must prove
/// that it knows the password's keys before its word counts.
final class ClientScram implements ClientMechanism {
    private enum Stage {
        FIRST,
        FINAL,
        PROVED
    }

    private static final String NO_CHANNEL_BINDING = "n,,";
    private static final int LEAST_ITERATIONS = 4096;
    private static final int MOST_ITERATIONS = 1_000_000;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 18;
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Credentials credentials;
    private final Executor hashes;
    private final String firstBare;
    private final String nonce;
    private Stage stage = Stage.FIRST;
    private byte[] expectedSignature = {};

    /// @param hashes threads for what takes milliseconds of CPU
    ClientScram(Credentials credentials, Executor hashes) {
        this(credentials, hashes, ScramFunctions.nonce(NONCE_BYTES, RANDOM));
    }

    ClientScram(Credentials credentials, Executor hashes, String nonce) {
        this.credentials = credentials;
        this.hashes = hashes;
        this.nonce = nonce;
        String name = SaslPrep.orSame(credentials.login()).replace("=", "=3D").replace(",", "=2C");
        firstBare = "n=" + name + ",r=" + nonce;
    }

    @Override
    public String name() {
        return "SCRAM-SHA-256";
    }

    @Override
    public byte[] initial() {
        return (NO_CHANNEL_BINDING + firstBare).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] respond(byte[] challenge) throws LoginFailed {
        String message = Responses.text(challenge);
        if (message == null) {
            throw new LoginFailed("the server's SCRAM message is too long or not UTF-8");
        }
        return switch (stage) {
            case FIRST -> proof(message);
            case FINAL -> verified(message);
            case PROVED -> throw new LoginFailed("unexpected challenge");
        };
    }

    @Override
    public boolean isComplete() {
        return stage == Stage.PROVED;
    }

    /// The client-final-message to a server-first-message `r=nonce,s=salt,i=iterations`.
    private byte[] proof(String serverFirst) throws LoginFailed {
        String[] parts = serverFirst.split(",", -1);
        if (parts.length < 3
                || !parts[0].startsWith("r=" + nonce)
                || parts[0].length() == nonce.length() + 2
                || !parts[1].startsWith("s=")
                || !parts[2].startsWith("i=")) {
            throw new LoginFailed("the server-first-message is not one of RFC 5802, or of another exchange");
        }
        String withoutProof = "c=" + base64(NO_CHANNEL_BINDING.getBytes(StandardCharsets.US_ASCII)) + "," + parts[0];
        String authMessage = firstBare + "," + serverFirst + "," + withoutProof;
        byte[] salted = salted(decode(parts[1].substring(2)), iterations(parts[2].substring(2)));
        byte[] clientKey = ScramFunctions.clientKey(MECHANISM, salted);
        byte[] signature =
                ScramFunctions.clientSignature(MECHANISM, ScramFunctions.storedKey(MECHANISM, clientKey), authMessage);
        expectedSignature =
                ScramFunctions.serverSignature(MECHANISM, ScramFunctions.serverKey(MECHANISM, salted), authMessage);
        stage = Stage.FINAL;
        String proof = base64(ScramFunctions.clientProof(clientKey, signature));
        return (withoutProof + ",p=" + proof).getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] salted(byte[] salt, int iterations) throws LoginFailed {
        if (salt.length == 0) {
            throw new LoginFailed("the server's salt is empty");
        }
        String password = SaslPrep.orSame(credentials.password());
        try {
            return CompletableFuture.supplyAsync(
                            () -> Pbkdf2Password.derive("SHA256", password, salt, iterations, KEY_BYTES), hashes)
                    .join();
        } catch (RejectedExecutionException | CompletionException e) {
            throw new LoginFailed("too many logins at once");
        }
    }

    /// A server may not make us work without end, nor let us work too little for the password's safety.
    private static int iterations(String text) throws LoginFailed {
        try {
            int iterations = Integer.parseInt(text);
            if (iterations >= LEAST_ITERATIONS && iterations <= MOST_ITERATIONS) {
                return iterations;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new LoginFailed(
                "the server wants other than " + LEAST_ITERATIONS + " to " + MOST_ITERATIONS + " iterations");
    }

    /// Nothing more to say to a server-final-message `v=signature` that proves the server; anything else ends
    /// the login.
    private byte[] verified(String serverFinal) throws LoginFailed {
        if (serverFinal.startsWith("e=")) {
            throw new LoginFailed("the server says " + serverFinal.substring(2).replaceAll("[^!-~]", "?"));
        }
        String signature = serverFinal.split(",", 2)[0];
        if (!signature.startsWith("v=") || !MessageDigest.isEqual(expectedSignature, decode(signature.substring(2)))) {
            throw new LoginFailed("the server has not proved that it knows the password");
        }
        stage = Stage.PROVED;
        return new byte[0];
    }

    private static byte[] decode(String base64) throws LoginFailed {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new LoginFailed("the server's SCRAM message is not base64 where it should be");
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
