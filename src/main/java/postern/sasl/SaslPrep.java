package postern.sasl;

import com.ongres.scram.common.StringPreparation;

/// SASLprep (RFC 4013): so that a password typed on another keyboard is the same password.
final class SaslPrep {
    private SaslPrep() {}

    /// The prepared text, or the text itself when it holds what SASLprep prohibits: such a password can only
    /// be the same byte for byte.
    static String orSame(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 127)) {
            return text;
        }
        try {
            return new String(StringPreparation.SASL_PREPARATION.normalize(text.toCharArray()));
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
