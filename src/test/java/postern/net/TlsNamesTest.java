package postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsNamesTest {
    @ParameterizedTest
    @CsvSource({
        "TLS_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256, 128",
        "TLS_CHACHA20_POLY1305_SHA256, TLS_CHACHA20_POLY1305_SHA256, 256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, ECDHE-RSA-AES256-GCM-SHA384, 256",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, ECDHE-ECDSA-CHACHA20-POLY1305, 256",
        "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256, DHE-RSA-AES128-SHA256, 128",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, ECDHE-RSA-AES256-SHA, 256",
        "TLS_RSA_WITH_AES_128_GCM_SHA256, AES128-GCM-SHA256, 128",
        "TLS_RSA_WITH_3DES_EDE_CBC_SHA, DES-CBC3-SHA, 168"
    })
    void ciphersHaveTheNamesThatOpenSslGivesThem(String suite, String name, int bits) {
        assertThat(CipherNames.openssl(suite)).isEqualTo(name);
        assertThat(CipherNames.bits(suite)).isEqualTo(bits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|TLSv1.3 TLSv1.2",
                ">=TLSv1|TLSv1.3 TLSv1.2",
                ">=TLSv1.2, <=TLSv1.2|TLSv1.2",
                "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1|TLSv1.3 TLSv1.2",
                "!SSLv2:!TLSv1.2|TLSv1.3",
                "TLSv1.2 tlsv1.3|TLSv1.2 TLSv1.3",
                "TLSv1, TLSv1.2|TLSv1.2"
            })
    void protocolsAreReadAsPostfixWritesThem(String text, String enabled) {
        assertThat(String.join(" ", TlsProtocols.parse(text).enabled())).isEqualTo(enabled);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1", "<=TLSv1.1", ">=TLSv9", "!TLSv1.2 !TLSv1.3", "yes", ">=TLSv1.3 <=TLSv1.2"})
    void whatLeavesNothingOrMeansNothingIsRefused(String text) {
        assertThatThrownBy(() -> TlsProtocols.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void derLengthsAndIdentifiersAreEncodedInTheirShortestForm() {
        assertThat(java.util.HexFormat.of().withUpperCase().formatHex(Der.oid("1.2.840.113549.1.1.1")))
                .isEqualTo("06092A864886F70D010101");
        assertThat(Der.value(4, new byte[127])).startsWith(4, 0x7f).hasSize(129);
        assertThat(Der.value(4, new byte[128])).startsWith(4, 0x81, 0x80).hasSize(131);
        assertThat(Der.value(4, new byte[300])).startsWith(4, 0x82, 1, 0x2c).hasSize(304);
        assertThat(Der.integer(128)).containsExactly(2, 2, 0, 0x80);
    }
}
