package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;

/// Whatever a server says in an exchange: an answer, or the end of the login; and never a success of SCRAM
/// without the server's proof.
class ClientSaslFuzz {
    @FuzzTest(maxDuration = "10s")
    void everyChallengeIsAnsweredOrEndsTheLogin(byte[] data) {
        Credentials credentials = new Credentials("user", "pencil");
        for (ClientMechanism mechanism : List.of(
                new ClientPlain(credentials),
                new ClientLogin(credentials),
                new ClientCramMd5(credentials),
                new ClientXoauth2(credentials),
                new ClientScram(credentials, Runnable::run, "nonce"))) {
            try {
                int half = data.length / 2;
                assertThat(mechanism.respond(Arrays.copyOf(data, half))).isNotNull();
                assertThat(mechanism.respond(Arrays.copyOfRange(data, half, data.length)))
                        .isNotNull();
                assertThat(mechanism.name()).as("no server proves by chance").isNotEqualTo("SCRAM-SHA-256");
            } catch (LoginFailed e) {
                assertThat(e.reason()).doesNotContain("\n", "pencil");
            }
        }
    }
}
