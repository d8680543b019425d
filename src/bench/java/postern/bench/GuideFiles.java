package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.net.SelfSigned;

/// The guide's public server for a comparison: `conf/public` with other addresses, connection limits off, a
/// throw-away certificate, and the sink as private server.
final class GuideFiles {
    private static final Path SHIPPED = Path.of("conf/public");
    private static final String LIMITS_OFF = """

            smtpd_client_connection_count_limit = 0
            smtpd_client_connection_rate_limit = 0
            smtpd_client_message_rate_limit = 0
            message_size_limit = 20480000
            """;

    private GuideFiles() {}

    /// main.cf, without anything that names a directory of the machine's.
    static String mainCf() throws IOException {
        return Files.readString(SHIPPED.resolve("main.cf")) + LIMITS_OFF;
    }

    /// The files beside it, by name.
    static Map<String, String> tables(InetSocketAddress sink) throws IOException {
        SelfSigned certificate =
                SelfSigned.of(List.of("mail.example.com"), Instant.now().minusSeconds(60), Duration.ofDays(30));
        Map<String, String> files = new LinkedHashMap<>();
        files.put("relay", Files.readString(SHIPPED.resolve("relay")));
        files.put(
                "transport", "example.com relay:[" + sink.getAddress().getHostAddress() + "]:" + sink.getPort() + "\n");
        files.put("certificates/mail.example.com.crt", certificate.certificatePem());
        files.put("certificates/mail.example.com.key", certificate.keyPem());
        return files;
    }
}
