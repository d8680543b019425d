package postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;

class ServerKeysTest {
    private static final SelfSigned MX = Certificates.of("mx.example");
    private static final SelfSigned OTHER = Certificates.of("other.example");

    @TempDir
    private Path directory = Path.of("");

    private Path file(String name, String... parts) throws IOException {
        return Certificates.write(directory.resolve(name), parts);
    }

    private static void fails(ThrowingCallable call, Path file, String why) {
        assertThatThrownBy(call)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(why);
    }

    @Test
    void aPairOfFilesIsAnIdentity() throws IOException {
        Path both = file("both.pem", "# a comment\n", MX.keyPem(), MX.certificatePem(), OTHER.certificatePem());
        ServerKeys keys = ServerKeys.fromFiles(both, both);
        assertThat(keys.identities()).hasSize(1);
        assertThat(keys.identities().getFirst().chain()).containsExactly(MX.certificate(), OTHER.certificate());
    }

    @Test
    void chainFilesHoldKeysBeforeTheirCertificates() throws IOException {
        Path chains = file("chains.pem", MX.keyPem(), MX.certificatePem(), OTHER.keyPem(), OTHER.certificatePem());
        ServerKeys keys = ServerKeys.fromChainFiles(List.of(chains));
        assertThat(keys.identities()).hasSize(2);
        assertThat(Objects.requireNonNull(keys.choose("EC", "other.example")).chain())
                .containsExactly(OTHER.certificate());
        assertThat(keys.choose("RSA", "other.example")).isNull();
        Path wrong = file("wrong.pem", MX.certificatePem(), MX.keyPem());
        fails(() -> ServerKeys.fromChainFiles(List.of(wrong)), wrong, "before the private key");
    }

    @Test
    void everyFaultNamesTheFileAndWhatIsWrong() throws IOException {
        Path certificate = file("mx.crt", MX.certificatePem());
        Path key = file("mx.key", MX.keyPem());
        Path missing = directory.resolve("missing.crt");
        fails(() -> ServerKeys.fromFiles(missing, key), missing, "no such file");
        fails(() -> ServerKeys.fromFiles(key, key), key, "no certificate");
        fails(() -> ServerKeys.fromFiles(certificate, certificate), certificate, "no private key");
        Path other = file("other.key", OTHER.keyPem());
        fails(() -> ServerKeys.fromFiles(certificate, other), other, "does not belong to the certificate");
        Path cut = file("cut.crt", MX.certificatePem().substring(0, 200));
        fails(() -> ServerKeys.fromFiles(cut, key), cut, "no END line");
        Path empty = file("empty.crt");
        fails(() -> ServerKeys.fromFiles(empty, key), empty, "no certificate");
        Path noise = file("noise.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        fails(() -> ServerKeys.fromFiles(noise, key), noise, "a certificate is broken");
        Path brokenKey = file("broken.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        fails(() -> ServerKeys.fromFiles(certificate, brokenKey), brokenKey, "private key is broken");
        Path locked = file(
                "locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        fails(() -> ServerKeys.fromFiles(certificate, locked), locked, "is encrypted");
        fails(() -> ServerKeys.fromFiles(directory, key), directory, "cannot be read");
        Path curveless = file("curve.key", "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n");
        fails(() -> ServerKeys.fromFiles(certificate, curveless), curveless, "does not name its curve");
    }

    @Test
    void changedFilesAreTakenWholeOrNotAtAll() throws IOException {
        TestClock clock = new TestClock();
        List<String> warnings = new ArrayList<>();
        Path certificate = file("mx.crt", MX.certificatePem());
        Path key = file("mx.key", MX.keyPem());
        LiveKeys live = new LiveKeys(
                () -> ServerKeys.fromFiles(certificate, key), List.of(certificate, key), clock, warnings::add);
        ServerKeys first = live.get();
        clock.advance(Duration.ofSeconds(11));
        assertThat(live.get()).isSameAs(first);

        // The certificate alone is another's: the key has not followed yet.
        touch(file("mx.crt", OTHER.certificatePem()), 1);
        clock.advance(Duration.ofSeconds(11));
        assertThat(live.get()).isSameAs(first);
        assertThat(warnings).isEmpty();
        touch(file("mx.key", OTHER.keyPem()), 1);
        clock.advance(Duration.ofSeconds(11));
        assertThat(live.get().identities().getFirst().chain()).containsExactly(OTHER.certificate());

        Files.delete(key);
        for (int i = 0; i < 4; i++) {
            clock.advance(Duration.ofSeconds(11));
            assertThat(live.get().identities().getFirst().chain()).containsExactly(OTHER.certificate());
        }
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("mx.key: no such file")
                .endsWith("in use stays");
    }

    private static void touch(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
    }
}
