package postern.sasl;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `{SCRAM-SHA-256}`: what a server keeps of a password (RFC 5802 §3, RFC 7677), as Dovecot writes it:
/// `iterations,salt,storedkey,serverkey`, all but the first in base64. The password can be checked against
/// it, but not be had from it.
record ScramKeys(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) implements StoredPassword {
    static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    static final int ITERATIONS = 4096;
    private static final int MOST_ITERATIONS = 1_000_000;
    /// A key of 32 bytes has 43 digits and one sign of filling.
    private static final Pattern FORM =
            Pattern.compile("([1-9][0-9]{0,8}),([A-Za-z0-9+/]{2,171}={0,2}),([A-Za-z0-9+/]{43}=),([A-Za-z0-9+/]{43}=)");
    private static final int KEY_BYTES = 32;

    static ScramKeys parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("the keys do not have the form iterations,salt,storedkey,serverkey");
        }
        int iterations = Integer.parseInt(form.group(1));
        if (iterations < ITERATIONS || iterations > MOST_ITERATIONS) {
            throw new IllegalArgumentException(
                    "the iterations must lie between " + ITERATIONS + " and " + MOST_ITERATIONS);
        }
        return new ScramKeys(iterations, decode(form.group(2)), decode(form.group(3)), decode(form.group(4)));
    }

    /// Keys for a login that has none: no proof fits them.
    static ScramKeys unknown(int iterations, byte[] salt) {
        return new ScramKeys(iterations, salt, new byte[KEY_BYTES], new byte[KEY_BYTES]);
    }

    /// The keys of a password. Takes milliseconds of CPU.
    static ScramKeys derive(String password, byte[] salt, int iterations) {
        byte[] salted = Pbkdf2Password.derive("SHA256", SaslPrep.orSame(password), salt, iterations, KEY_BYTES);
        byte[] storedKey = ScramFunctions.storedKey(MECHANISM, ScramFunctions.clientKey(MECHANISM, salted));
        return new ScramKeys(iterations, salt, storedKey, ScramFunctions.serverKey(MECHANISM, salted));
    }

    /// `iterations,salt,storedkey,serverkey`
    String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return iterations + "," + base64.encodeToString(salt) + "," + base64.encodeToString(storedKey) + ","
                + base64.encodeToString(serverKey);
    }

    /// Whether both begin with the same first answer of a server, so that a proof may fit either.
    boolean isLike(ScramKeys other) {
        return iterations == other.iterations && Arrays.equals(salt, other.salt);
    }

    /// Whether a client that sent this proof over this AuthMessage (RFC 5802 §3) knows the password.
    boolean proves(byte[] proof, String authMessage) {
        return proof.length == KEY_BYTES && ScramFunctions.verifyClientProof(MECHANISM, proof, storedKey, authMessage);
    }

    /// By which the client knows that the server knew the keys.
    byte[] serverSignature(String authMessage) {
        return ScramFunctions.serverSignature(MECHANISM, serverKey, authMessage);
    }

    @Override
    public boolean matches(byte[] password) {
        ScramKeys other = derive(new String(password, StandardCharsets.UTF_8), salt, iterations);
        return MessageDigest.isEqual(storedKey, other.storedKey);
    }

    @Override
    public ScramKeys scramKeys() {
        return this;
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("salt and keys are not base64", e);
        }
    }
}
