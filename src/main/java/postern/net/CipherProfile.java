package postern.net;

import java.util.Arrays;
import java.util.Map;
import javax.net.ssl.SSLEngine;

/// Which of the JDK's ciphers a service offers, by names that administrators know from Mozilla's recommendations.
public enum CipherProfile {
    /// All that the JDK enables.
    ALL,
    /// Those of [#MODERN], and AES-CBC with SHA-256 or SHA-384.
    INTERMEDIATE,
    /// AES-GCM and ChaCha20 with keys that are thrown away: TLS 1.3, and the same of TLS 1.2.
    MODERN;

    /// By their names in parameters; empty is [#ALL].
    public static final Map<String, CipherProfile> NAMES =
            Map.of("", ALL, "intermediate", INTERMEDIATE, "modern", MODERN);

    /// Takes away what the profile does not have, of what is enabled.
    void limit(SSLEngine engine) {
        if (this != ALL) {
            engine.setEnabledCipherSuites(Arrays.stream(engine.getEnabledCipherSuites())
                    .filter(this::has)
                    .toArray(String[]::new));
        }
    }

    private boolean has(String suite) {
        boolean modern = suite.contains("_GCM_") || suite.contains("_CHACHA20_");
        boolean cbc = suite.endsWith("_CBC_SHA256") || suite.endsWith("_CBC_SHA384");
        return !suite.contains("_DSS_") && (modern || (this == INTERMEDIATE && cbc));
    }
}
