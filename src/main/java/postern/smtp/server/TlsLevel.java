package postern.smtp.server;

import java.util.Map;
import postern.config.MainCf;
import postern.config.Parameter;

/// Whether sessions may or must be under TLS (`smtpd_tls_security_level`).
enum TlsLevel {
    NONE,
    MAY,
    ENCRYPT;

    static final Parameter<String> SMTPD_TLS_SECURITY_LEVEL = Parameter.choice(
                    "smtpd_tls_security_level", "", Map.of("", "", "none", "none", "may", "may", "encrypt", "encrypt"))
            .doc("none, may (STARTTLS is offered) or encrypt (STARTTLS is demanded).");
    static final Parameter<Boolean> SMTPD_USE_TLS =
            Parameter.bool("smtpd_use_tls", "no").doc("Old for smtpd_tls_security_level = may.");
    static final Parameter<Boolean> SMTPD_ENFORCE_TLS =
            Parameter.bool("smtpd_enforce_tls", "no").doc("Old for smtpd_tls_security_level = encrypt.");

    static TlsLevel of(MainCf conf) {
        return switch (conf.get(SMTPD_TLS_SECURITY_LEVEL)) {
            case "none" -> NONE;
            case "may" -> MAY;
            case "encrypt" -> ENCRYPT;
            default -> conf.get(SMTPD_ENFORCE_TLS) ? ENCRYPT : conf.get(SMTPD_USE_TLS) ? MAY : NONE;
        };
    }
}
