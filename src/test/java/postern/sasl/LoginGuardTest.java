package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import postern.config.Cidr;

class LoginGuardTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<String> log = new ArrayList<>();
    private final Bans bans = Bans.inMemory(() -> now);
    private final LoginGuard guard =
            new LoginGuard(() -> now, bans, (service, text) -> log.add(text), new ProcessSecret(new byte[] {1}));
    private GuardRules rules = rules(10, false);
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

        assertThat(guard.admit(rules, client, "a")).isEqualTo("192.0.2.1 is banned until 2026-01-01T00:10:00Z");
        assertThat(guard.admit(rules, other, "a"))
                .as("the login itself is never banned")
                .isNull();
        now = now.plus(Duration.ofMinutes(10));
        assertThat(guard.admit(rules, client, "a")).isNull();
    }

    @Test
    void bansAnIpv6CustomerByItsNetwork() {
        ban(InetAddress.ofLiteral("2001:db8:0:1::1"));

        assertThat(guard.admit(rules, InetAddress.ofLiteral("2001:db8:0:1:ffff::2"), "a"))
                .isNotNull();
        assertThat(guard.admit(rules, InetAddress.ofLiteral("2001:db8:0:2::1"), "a"))
                .isNull();
    }

    @Test
    void countsTheSameWrongPasswordOnce() {
        for (int i = 0; i < 100; i++) {
            assertThat(guess(client, "a", "old password")).hasSeconds(1);
        }

        assertThat(guard.admit(rules, client, "a")).isNull();
    }

    @Test
    void listensToOneWhoLoggedInFromABannedAddressBeforeUntilTheyGuessToo() {
        guard.succeeded(rules, client, "friend");
        ban(client);

        assertThat(guard.admit(rules, client, "friend")).isNull();
        guard.done(client);
        assertThat(guard.admit(rules, client, "stranger")).isNotNull();
        guess(client, "friend", "wrong");
        assertThat(guard.admit(rules, client, "friend")).isNotNull();
    }

    @Test
    void checksOnlySoManyLoginsOfOneAddressAtOnce() {
        for (int i = 0; i < 4; i++) {
            assertThat(guard.admit(rules, client, "a")).isNull();
        }

        assertThat(guard.admit(rules, client, "a")).contains("at once");
        assertThat(guard.admit(rules, other, "a")).isNull();
        guard.done(client);
        assertThat(guard.admit(rules, client, "a")).isNull();
    }

    @Test
    void forgetsTheOldestUnderAFloodOfAddresses() {
        guess(client, "a", "1");
        guess(client, "a", "2");
        for (int i = 0; i < LoginGuard.ENTRIES; i++) {
            guess(InetAddress.ofLiteral("10.0." + i / 256 + "." + i % 256), "login" + i, "x");
        }

        assertThat(guess(client, "b", "3")).hasSeconds(1);
    }

    @Test
    void countsGuessesWithinTheFindTimeOnly() {
        for (int i = 0; i < 30; i++) {
            guess(client, "a" + i, "guess" + i);
            now = now.plus(Duration.ofSeconds(67));
        }

        assertThat(guard.admit(rules, client, "a"))
                .as("nine in any ten minutes")
                .isNull();
        ban(client);
        assertThat(guard.admit(rules, client, "a")).isNotNull();
        assertThat(log)
                .containsExactly("warning: 192.0.2.1: banned until 2026-01-01T00:43:30Z: 10 failed logins within 600s");
    }

    @Test
    void neverBansTheExempt() {
        rules = new GuardRules(
                10,
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofDays(180),
                true,
                client::equals,
                login -> false);
        ban(client);
        bans.ban(Cidr.parse("192.0.2.0/24"), Ban.CUSTOM, Duration.ofDays(1));

        assertThat(guard.admit(rules, client, "a")).isNull();
        assertThat(guard.turnsAway(rules, client)).isFalse();
        assertThat(guard.turnsAway(rules, other)).isTrue();
    }

    @Test
    void neverBansWhereARelayHasLoggedInFrom() {
        guard.succeeded(rules, client, "relay");
        ban(client);
        ban(other);

        assertThat(guard.admit(rules, client, "a")).isNull();
        assertThat(guard.admit(rules, other, "a")).isNotNull();
        assertThat(guard.isTrusted(rules, client)).isTrue();
        assertThat(guard.turnsAway(rules(10, true), client)).isFalse();
    }

    @Test
    void neverBansWithoutALimit() {
        rules = rules(0, true);
        ban(client);

        assertThat(guard.admit(rules, client, "a")).isNull();
    }

    @Test
    void turnsAwayWhoIsBannedWhereThatIsAskedFor() {
        ban(client);

        assertThat(guard.turnsAway(rules, client)).isFalse();
        assertThat(guard.turnsAway(rules(10, true), client)).isTrue();
        assertThat(guard.turnsAway(rules(10, true), other)).isFalse();
        assertThat(guard.turnsAway(rules(10, true), null)).isFalse();
    }

    @Test
    void whoTheAdministratorBannedIsNobodysFriend() {
        guard.succeeded(rules, client, "friend");
        bans.ban(Cidr.parse("192.0.2.1"), Ban.CUSTOM, Duration.ofDays(1));

        assertThat(guard.admit(rules, client, "friend")).isNotNull();
        assertThat(guard.turnsAway(rules, client)).isTrue();
    }

    private static GuardRules rules(int limit, boolean connections) {
        return new GuardRules(
                limit,
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofDays(180),
                connections,
                InetAddress::isLoopbackAddress,
                "relay"::equals);
    }

    @Test
    void slowsAClientWithoutAnAddressButNeverBansIt() {
        for (int i = 0; i < 50; i++) {
            guess(null, "a", "guess" + i);
        }

        assertThat(guard.admit(rules, null, "a")).isNull();
        assertThat(guess(null, "a", "x")).hasSeconds(16);
    }

    private void ban(InetAddress address) {
        for (int i = 0; i < 10; i++) {
            guess(address, "a" + i, "guess" + i);
        }
    }

    private Duration guess(@Nullable InetAddress address, String login, String password) {
        return guard.failed(rules, address, login, password);
    }
}
