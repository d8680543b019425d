package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.peers.Commands;
import postern.sasl.Authenticator.Step;

/// The exchanges with the client of Debian's package gsasl, left out where that is not installed.
class GsaslTest {
    private static final Path GSASL = Path.of("/usr/bin/gsasl");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"SCRAM-SHA-256", "PLAIN", "LOGIN"})
    void letsTheRightPasswordInAndNoOther(String mechanism) throws IOException, InterruptedException {
        Commands.need("gsasl");

        assertThat(talk(mechanism, "home@example.com|{PLAIN}s=cret, pass\n")).isInstanceOf(Step.Success.class);
        assertThat(talk(mechanism, "home@example.com|{PLAIN}another\n")).isInstanceOf(Step.Failure.class);
        assertThat(talk(mechanism, "else@example.com|{PLAIN}s=cret, pass\n")).isInstanceOf(Step.Failure.class);
    }

    @Test
    void readsTheKeysThatGsaslMakes() throws IOException, InterruptedException {
        Commands.need("gsasl");
        Process made =
                new ProcessBuilder(GSASL.toString(), "--mkpasswd", "-m", "SCRAM-SHA-256", "-p", "s=cret, pass").start();
        String keys = new String(made.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();

        assertThat(talk("SCRAM-SHA-256", "home@example.com|" + keys + "\n")).isInstanceOf(Step.Success.class);
        assertThat(talk("PLAIN", "home@example.com|" + keys + "\n")).isInstanceOf(Step.Success.class);
    }

    private Step talk(String mechanism, String users) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("users"), users);
        Users read = Users.open(file, InstantSource.system(), MailLog.none());
        Logins logins = new Logins(
                read, Logins.Guarded.alone(MainCf.of(directory, Map.of()), InstantSource.system()), Runnable::run);
        Authenticator.Exchange exchange =
                Objects.requireNonNull(logins.begin(mechanism, new Authenticator.Peer(null, null)));
        List<String> command = new ArrayList<>(List.of(GSASL.toString(), "--client", "--quiet", "-m", mechanism));
        command.addAll(List.of("-a", "home@example.com", "-p", "s=cret, pass", "--no-cb"));
        Process client = new ProcessBuilder(command).start();
        try (BufferedReader from = client.inputReader();
                Writer to = client.outputWriter()) {
            assertThat(from.readLine()).isEqualTo(mechanism);
            Step step = exchange.next(mechanism.equals("LOGIN") ? null : answer(from));
            while (step instanceof Step.Challenge(byte[] bytes)) {
                to.write(Base64.getEncoder().encodeToString(bytes) + "\n");
                to.flush();
                step = exchange.next(answer(from));
            }
            return step;
        } finally {
            client.destroy();
            client.waitFor(5, TimeUnit.SECONDS);
        }
    }

    private static byte[] answer(BufferedReader from) throws IOException {
        return Base64.getDecoder().decode(Objects.requireNonNull(from.readLine(), "gsasl gave up"));
    }
}
