package postern.sasl;

import com.password4j.BcryptFunction;
import com.password4j.types.Bcrypt;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `{BLF-CRYPT}`: bcrypt, `$2a$`, `$2b$` or `$2y$`. As everywhere, only the first 72 bytes of a password
/// count.
record BcryptPassword(Bcrypt type, int cost, String hash) implements StoredPassword {
    private static final Pattern FORM = Pattern.compile("\\$2([aby])\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");
    /// Each step doubles the time; 15 takes some seconds.
    private static final int MOST_COST = 15;

    static BcryptPassword parse(String hash) {
        Matcher form = FORM.matcher(hash);
        if (!form.matches()) {
            throw new IllegalArgumentException("the hash does not have the form $2y$cost$salt-and-hash");
        }
        int cost = Integer.parseInt(form.group(2));
        if (cost < 4 || cost > MOST_COST) {
            throw new IllegalArgumentException("the cost must lie between 4 and " + MOST_COST);
        }
        return new BcryptPassword(Bcrypt.valueOf(form.group(1).toUpperCase(Locale.ROOT)), cost, hash);
    }

    @Override
    public boolean matches(byte[] password) {
        return BcryptFunction.getInstance(type, cost).check(password, hash.getBytes(StandardCharsets.US_ASCII));
    }
}
