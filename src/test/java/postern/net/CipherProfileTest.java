package postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

/// What profiles take away.
class CipherProfileTest {
    private static List<String> suites(CipherProfile profile) throws NoSuchAlgorithmException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        profile.limit(engine);
        return List.of(engine.getEnabledCipherSuites());
    }

    @Test
    void modernHasNoCbc() throws NoSuchAlgorithmException {
        assertThat(suites(CipherProfile.MODERN))
                .contains(
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256")
                .noneMatch(suite -> suite.contains("_CBC_") || suite.startsWith("TLS_RSA_"));
    }

    @Test
    void intermediateHasCbcWithLongerHashes() throws NoSuchAlgorithmException {
        assertThat(suites(CipherProfile.INTERMEDIATE))
                .contains("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
                .noneMatch(suite -> suite.endsWith("_CBC_SHA"));
    }

    @Test
    void allIsWhatTheJdkEnables() throws NoSuchAlgorithmException {
        assertThat(suites(CipherProfile.ALL))
                .isEqualTo(List.of(SSLContext.getDefault().createSSLEngine().getEnabledCipherSuites()));
    }
}
