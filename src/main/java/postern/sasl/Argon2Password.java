package postern.sasl;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `{ARGON2I}` and `{ARGON2ID}` (RFC 9106): `$argon2id$v=19$m=KiB,t=passes,p=1$salt$hash`.
///
/// A check takes its memory twice, and the library keeps one share for each set of parameters: all checks
/// take turns, and a hash that would need half of the heap is refused when the file is read.
record Argon2Password(Argon2 variant, int memory, int passes, byte[] salt, byte[] hash) implements StoredPassword {
    private static final Pattern FORM = Pattern.compile(
            "\\$(argon2id?)\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=1\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,172})");
    private static final Object TURN = new Object();

    static Argon2Password parse(String variant, String hash) {
        Matcher form = FORM.matcher(hash);
        if (!form.matches() || !form.group(1).equals(variant)) {
            throw new IllegalArgumentException(
                    "the hash does not have the form $" + variant + "$v=19$m=KiB,t=passes,p=1$salt$hash");
        }
        int memory = Integer.parseInt(form.group(2));
        int passes = Integer.parseInt(form.group(3));
        long most = Runtime.getRuntime().maxMemory() / 1024 / 4;
        if (memory < 8 || memory > most || passes < 1) {
            throw new IllegalArgumentException("m=" + memory + ": each check takes twice that many KiB of memory; at"
                    + " most " + most + " fit here. Make the hash anew with fewer, or use {SHA512-CRYPT}");
        }
        return new Argon2Password(
                variant.equals("argon2i") ? Argon2.I : Argon2.ID,
                memory,
                passes,
                Base64.getDecoder().decode(form.group(4)),
                Base64.getDecoder().decode(form.group(5)));
    }

    @Override
    public boolean matches(byte[] password) {
        synchronized (TURN) {
            byte[] computed = Argon2Function.getInstance(memory, passes, 1, hash.length, variant)
                    .hash(password, salt)
                    .getBytes();
            return MessageDigest.isEqual(hash, computed);
        }
    }
}
