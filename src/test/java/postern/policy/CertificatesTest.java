package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.net.TlsFacts;
import postern.net.Trust;

class CertificatesTest {
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBhDCCASugAwIBAgIUL7al/JzaVCZBVYL+lc4Fg2L1ocswCgYIKoZIzj0EAwIw
            FzEVMBMGA1UEAwwMaG9tZS5leGFtcGxlMCAXDTI2MTEyMjE2MzcyMloYDzIxMjYx
            MDI5MTYzNzIyWjAXMRUwEwYDVQQDDAxob21lLmV4YW1wbGUwWTATBgcqhkjOPQIB
            BggqhkjOPQMBBwNCAAQNGd71voM6r5eLcUB2fDgHAwqW4ODFnNMbwc2kbWnsR82s
            YGODgdlpQ3HoDA9ZDfBbvlRuyKyhn7w2LYet/gpmo1MwUTAdBgNVHQ4EFgQUV4Hu
            8qitc64q54t4eub3QiD3/J4wHwYDVR0jBBgwFoAUV4Hu8qitc64q54t4eub3QiD3
            /J4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBpTwIMJ0jFtQKK
            rAABCjcvdhPEZib4RMcvNh/2mY7AtgIgZAPjvhRQrCkGEQThq5LKHPXj63s7FtFo
            N4aZOTeKAaY=
            -----END CERTIFICATE-----
            """;
    /// As `openssl x509 -fingerprint -sha256` and `openssl dgst -sha256 -c` over the public key have them.
    private static final String FINGERPRINT =
            "37:23:75:A9:35:BC:48:A7:9A:40:AB:F0:59:66:A2:8D:D2:5F:29:F5:A7:4C:A0:EF:79:A3:BC:82:12:1B:B3:F0";

    private static final String KEY_FINGERPRINT =
            "c2:60:32:9b:64:25:40:04:a8:0a:f7:cc:08:14:47:fd:a1:5f:15:eb:46:1f:66:cd:0f:f4:46:b5:3d:e5:f1:30";

    @ParameterizedTest
    @ValueSource(strings = {FINGERPRINT, KEY_FINGERPRINT})
    void permitsByTheFingerprintOfCertificateOrKey(String fingerprint) throws CertificateException {
        RestrictionLists policy = Setting.guide()
                .add("smtpd_relay_restrictions = permit_tls_clientcerts, reject_unauth_destination")
                .add("relay_clientcerts = inline:{ { " + fingerprint + " = x } }")
                .policy();

        assertThat(answer(policy, showing(false))).isEqualTo("accept");
        assertThat(answer(policy, Request.to("u@elsewhere.example"))).startsWith("554 5.7.1");
    }

    @Test
    void permitsAllThatWereVerifiedWhereToldSo() throws CertificateException {
        RestrictionLists policy = Setting.guide()
                .add("smtpd_relay_restrictions = permit_tls_all_clientcerts, reject_unauth_destination")
                .policy();

        assertThat(answer(policy, showing(true))).isEqualTo("accept");
        assertThat(answer(policy, showing(false))).startsWith("554 5.7.1");
        assertThat(answer(policy, Request.to("u@elsewhere.example"))).startsWith("554 5.7.1");
    }

    @Test
    void looksTheFingerprintUp() throws CertificateException {
        RestrictionLists policy = Setting.guide()
                .add("smtpd_client_restrictions = check_ccert_access inline:{ { " + FINGERPRINT + " = REJECT } }")
                .policy();

        assertThat(answer(policy, showing(false)))
                .isEqualTo("554 5.7.1 <" + FINGERPRINT + ">: Client certificate rejected: Access denied");
    }

    @Test
    void tellsAPolicyServerOfIt() throws CertificateException {
        FakePolicyServer server = new FakePolicyServer();
        Setting setting = Setting.guide().add("smtpd_client_restrictions = check_policy_service inet:127.0.0.1:2");
        setting.dialer = server;
        answer(setting.policy(), showing(true));

        assertThat(server.requests)
                .singleElement()
                .asString()
                .contains(
                        "ccert_subject=home.example\n",
                        "ccert_issuer=home.example\n",
                        "ccert_fingerprint=" + FINGERPRINT + "\n",
                        "ccert_pubkey_fingerprint=" + KEY_FINGERPRINT.toUpperCase(java.util.Locale.ROOT) + "\n");
    }

    @Test
    void refusesADigestThatThereIsNot() {
        assertThatThrownBy(Setting.guide().add("smtpd_tls_fingerprint_digest = sha257")::policy)
                .hasMessageContaining("smtpd_tls_fingerprint_digest: there is no digest \"SHA-257\"");
    }

    private static Request showing(boolean verified) throws CertificateException {
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(CERTIFICATE.getBytes(StandardCharsets.US_ASCII)));
        Request request = Request.to("u@elsewhere.example");
        request.tls = new TlsFacts(
                "TLSv1.3",
                "TLS_AES_256_GCM_SHA384",
                256,
                List.of(certificate),
                verified ? Trust.TRUSTED : Trust.UNTRUSTED,
                "");
        return request;
    }

    private static String answer(RestrictionLists policy, Request request) {
        return Setting.reply(policy.rcpt(request));
    }
}
