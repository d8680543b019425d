package postern.sasl;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import postern.config.MainCf;
import postern.config.Parameter;

/// What a mechanism gives away, by the words of the options that forbid it (`smtp_sasl_security_options`,
/// `smtpd_sasl_security_options`).
enum Weakness {
    NOPLAINTEXT,
    NOACTIVE,
    NODICTIONARY,
    MUTUAL_AUTH,
    FORWARD_SECRECY;

    /// Those of a mechanism; one that is not known has all.
    static Set<Weakness> of(String mechanism) {
        return switch (mechanism) {
            case "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS" -> EnumSet.of(NODICTIONARY, FORWARD_SECRECY);
            case "EXTERNAL" -> EnumSet.noneOf(Weakness.class);
            case "OAUTHBEARER", "XOAUTH2" -> EnumSet.of(NOPLAINTEXT, NOACTIVE, MUTUAL_AUTH, FORWARD_SECRECY);
            case "CRAM-MD5" -> EnumSet.complementOf(EnumSet.of(NOPLAINTEXT));
            default -> EnumSet.allOf(Weakness.class);
        };
    }

    /// The value of a parameter. Nothing here is anonymous, so `noanonymous` forbids nothing.
    ///
    /// @throws postern.config.ConfigException when a word is unknown
    static Set<Weakness> forbidden(MainCf main, Parameter<List<String>> parameter) {
        Set<Weakness> forbidden = EnumSet.noneOf(Weakness.class);
        for (String word : main.get(parameter)) {
            switch (word) {
                case "noplaintext" -> forbidden.add(NOPLAINTEXT);
                case "noactive" -> forbidden.add(NOACTIVE);
                case "nodictionary" -> forbidden.add(NODICTIONARY);
                case "mutual_auth" -> forbidden.add(MUTUAL_AUTH);
                case "forward_secrecy" -> forbidden.add(FORWARD_SECRECY);
                case "noanonymous" -> {}
                default ->
                    throw main.error(
                            parameter.name(),
                            "\"" + word
                                    + "\" is none of noplaintext, noactive, nodictionary, noanonymous, mutual_auth, forward_secrecy",
                            null);
            }
        }
        return forbidden;
    }
}
