package postern.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Throw-away certificates and settings for tests.
final class Certificates {
    private Certificates() {}

    static SelfSigned of(String... names) {
        return SelfSigned.of(List.of(names), Instant.now().minusSeconds(3600), Duration.ofDays(30));
    }

    static ServerKeys keys(SelfSigned... certificates) {
        return new ServerKeys(
                List.of(certificates).stream().map(SelfSigned::identity).toList());
    }

    static ServerTls server(SelfSigned certificate) {
        ServerKeys keys = keys(certificate);
        return new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run);
    }

    static TlsSettings anyServer() {
        return new ClientTls(PeerCheck.none(), TlsProtocols.ALL, null, Runnable::run).to("mx.example");
    }

    static Path write(Path file, String... parts) throws IOException {
        return Files.writeString(file, String.join("", parts));
    }
}
