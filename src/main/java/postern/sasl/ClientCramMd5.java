package postern.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// CRAM-MD5 (RFC 2195): the password stays here, but the server proves nothing.
final class ClientCramMd5 implements ClientMechanism {
    private final Credentials credentials;
    private boolean asked;

    ClientCramMd5(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public String name() {
        return "CRAM-MD5";
    }

    @Override
    public byte @Nullable [] initial() {
        return null;
    }

    @Override
    public byte[] respond(byte[] challenge) throws LoginFailed {
        if (asked || challenge.length == 0) {
            throw new LoginFailed("unexpected challenge");
        }
        asked = true;
        byte[] key = credentials.password().getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacMD5"));
            String digest = HexFormat.of().formatHex(mac.doFinal(challenge));
            return (credentials.login() + " " + digest).getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacMD5", e);
        }
    }
}
