package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoginGuardTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final LoginGuard guard =
            new LoginGuard(() -> now, new ProcessSecret(new byte[] {1}), 10, Duration.ofMinutes(10));
    private final InetAddress client = InetAddress.ofLiteral("192.0.2.1");
    private final InetAddress other = InetAddress.ofLiteral("192.0.2.2");

    @Test
    void makesEachGuessWaitLongerUpToABound() {
        assertThat(guess(client, "a", "1")).hasSeconds(1);
        assertThat(guess(client, "a", "2")).hasSeconds(2);
        assertThat(guess(client, "a", "3")).hasSeconds(4);
        assertThat(guess(client, "a", "4")).hasSeconds(8);
        assertThat(guess(client, "a", "5")).hasSeconds(16);
        assertThat(guess(client, "a", "6")).hasSeconds(16);
    }

    @Test
    void slowsGuessesAtOneLoginFromManyAddresses() {
        for (int i = 0; i < 10; i++) {
            guess(InetAddress.ofLiteral("198.51.100." + i), "a", "guess" + i);
        }

        assertThat(guess(client, "a", "x")).hasSeconds(16);
        assertThat(guess(other, "b", "x")).hasSeconds(1);
    }

    @Test
    void doesNotListenToAnAddressThatGuessedTooOftenUntilTheBanEnds() {
        ban(client);

        assertThat(guard.admit(client, "a")).contains("not checked until 2026-01-01T00:10:00Z");
        assertThat(guard.admit(other, "a"))
                .as("the login itself is never banned")
                .isNull();
        now = now.plus(Duration.ofMinutes(10));
        assertThat(guard.admit(client, "a")).isNull();
    }

    @Test
    void bansAnIpv6CustomerByItsNetwork() {
        ban(InetAddress.ofLiteral("2001:db8:0:1::1"));

        assertThat(guard.admit(InetAddress.ofLiteral("2001:db8:0:1:ffff::2"), "a"))
                .isNotNull();
        assertThat(guard.admit(InetAddress.ofLiteral("2001:db8:0:2::1"), "a")).isNull();
    }

    @Test
    void countsTheSameWrongPasswordOnce() {
        for (int i = 0; i < 100; i++) {
            assertThat(guess(client, "a", "old password")).hasSeconds(1);
        }

        assertThat(guard.admit(client, "a")).isNull();
    }

    @Test
    void listensToOneWhoLoggedInFromABannedAddressBeforeUntilTheyGuessToo() {
        guard.succeeded(client, "friend");
        ban(client);

        assertThat(guard.admit(client, "friend")).isNull();
        guard.done(client);
        assertThat(guard.admit(client, "stranger")).isNotNull();
        guess(client, "friend", "wrong");
        assertThat(guard.admit(client, "friend")).isNotNull();
    }

    @Test
    void checksOnlySoManyLoginsOfOneAddressAtOnce() {
        for (int i = 0; i < 4; i++) {
            assertThat(guard.admit(client, "a")).isNull();
        }

        assertThat(guard.admit(client, "a")).contains("at once");
        assertThat(guard.admit(other, "a")).isNull();
        guard.done(client);
        assertThat(guard.admit(client, "a")).isNull();
    }

    @Test
    void forgetsTheOldestUnderAFloodOfAddresses() {
        ban(client);
        for (int i = 0; i < LoginGuard.ENTRIES; i++) {
            guess(InetAddress.ofLiteral("10.0." + i / 256 + "." + i % 256), "login" + i, "x");
        }

        assertThat(guard.admit(client, "a")).isNull();
    }

    @Test
    void slowsAClientWithoutAnAddressButNeverBansIt() {
        for (int i = 0; i < 50; i++) {
            guess(null, "a", "guess" + i);
        }

        assertThat(guard.admit(null, "a")).isNull();
        assertThat(guess(null, "a", "x")).hasSeconds(16);
    }

    private void ban(InetAddress address) {
        for (int i = 0; i < 10; i++) {
            guess(address, "a" + i, "guess" + i);
        }
    }

    private Duration guess(@Nullable InetAddress address, String login, String password) {
        return guard.failed(address, login, password);
    }
}
