package postern.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Crypt;

/// `{SHA512-CRYPT}`, `{SHA256-CRYPT}`, `{MD5-CRYPT}`: the `$6$`, `$5$` and `$1$` hashes of crypt(3).
record CryptPassword(String hash) implements StoredPassword {
    static final List<String> PREFIXES = List.of("$6$", "$5$", "$1$");
    private static final Pattern FORM =
            Pattern.compile("\\$[156]\\$(?:rounds=([1-9][0-9]{0,8})\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{22,86}");
    /// What the library computes at most; about a second of CPU.
    private static final int MOST_ROUNDS = 1_000_000;

    static CryptPassword parse(String prefix, String hash) {
        Matcher form = FORM.matcher(hash);
        if (!hash.startsWith(prefix) || !form.matches()) {
            throw new IllegalArgumentException("the hash does not have the form " + prefix + "salt$hash");
        }
        if (form.group(1) != null && Integer.parseInt(form.group(1)) > MOST_ROUNDS) {
            throw new IllegalArgumentException("more than " + MOST_ROUNDS + " rounds");
        }
        return new CryptPassword(hash);
    }

    @Override
    public boolean matches(byte[] password) {
        // The library wipes the array it is given.
        String computed = Crypt.crypt(password.clone(), hash);
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), computed.getBytes(StandardCharsets.US_ASCII));
    }
}
