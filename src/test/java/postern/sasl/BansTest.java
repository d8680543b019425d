package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.Cidr;

class BansTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private Bans bans() {
        return new Bans(
                () -> now, directory.resolve("bans"), Runnable::run, (service, text) -> log.add(service + ": " + text));
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    @Test
    void findsAnAddressInTheNetworksOfItsFamily() {
        Bans bans = bans();
        bans.ban(Cidr.parse("192.0.2.0/24"), Ban.CUSTOM, HOUR);
        bans.ban(Cidr.parse("198.51.100.7"), Ban.LOGIN, HOUR);
        bans.ban(Cidr.parse("2001:db8::/64"), Ban.LOGIN, HOUR);

        assertThat(Objects.requireNonNull(bans.of(address("192.0.2.200"))).text())
                .isEqualTo("192.0.2.0/24");
        assertThat(Objects.requireNonNull(bans.of(address("198.51.100.7"))).text())
                .isEqualTo("198.51.100.7");
        assertThat(Objects.requireNonNull(bans.of(address("2001:db8::1"))).text())
                .isEqualTo("2001:db8::/64");
        assertThat(Objects.requireNonNull(bans.of(address("::ffff:192.0.2.1"))).jail())
                .isEqualTo(Ban.CUSTOM);
        assertThat(bans.of(address("192.0.3.1"))).isNull();
        assertThat(bans.of(address("2001:db8:0:1::1"))).isNull();
        assertThat(bans.of(null)).isNull();
    }

    @Test
    void banEndsByItselfOrByHand() {
        Bans bans = bans();
        assertThat(bans.ban(Cidr.parse("192.0.2.1"), Ban.LOGIN, HOUR)).isTrue();
        assertThat(bans.ban(Cidr.parse("192.0.2.1"), Ban.LOGIN, HOUR)).isFalse();
        assertThat(bans.ban(Cidr.parse("192.0.2.2"), Ban.LOGIN, Duration.ofSeconds(Long.MAX_VALUE)))
                .isTrue();
        now = now.plus(HOUR);

        assertThat(bans.of(address("192.0.2.1"))).isNull();
        assertThat(bans.all()).extracting(Ban::text).containsExactly("192.0.2.2");
        assertThat(Objects.requireNonNull(bans.unban(Cidr.parse("192.0.2.2"))).jail())
                .isEqualTo(Ban.LOGIN);
        assertThat(bans.unban(Cidr.parse("192.0.2.2"))).isNull();
        assertThat(bans.all()).isEmpty();
    }

    @Test
    void outlivesARestart() throws IOException {
        bans().ban(Cidr.parse("192.0.2.0/24"), Ban.CUSTOM, HOUR);
        bans().ban(Cidr.parse("2001:db8::/64"), Ban.LOGIN, HOUR);
        Files.writeString(
                directory.resolve("bans"),
                Files.readString(directory.resolve("bans")) + "no line\n192.0.2.7 soon login\n192.0.2.8 "
                        + now.plus(HOUR) + " other\n192.0.2.9/x " + now.plus(HOUR) + " login\n");
        Bans after = bans();

        assertThat(after.all()).extracting(Ban::text).containsExactly("192.0.2.0/24", "2001:db8::/64");
        assertThat(log).hasSize(4).allMatch(line -> line.endsWith(": left out"));
        after.unban(Cidr.parse("192.0.2.0/24"));
        now = now.plus(HOUR.multipliedBy(2));
        assertThat(bans().all()).isEmpty();
    }

    @Test
    void forgetsTheOldestOfTooMany() {
        Bans bans = Bans.inMemory(() -> now);
        for (int i = 0; i <= Bans.MOST; i++) {
            bans.ban(Cidr.around(address("10.0." + i / 256 + "." + i % 256), 32), Ban.LOGIN, HOUR);
        }

        assertThat(bans.of(address("10.0.0.0"))).isNull();
        assertThat(bans.of(address("10.0.0.1"))).isNotNull();
        assertThat(bans.all()).hasSize(Bans.MOST);
    }
}
