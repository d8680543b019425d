package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.config.Cidr;
import postern.log.MailLog;
import postern.net.Endpoint;
import postern.net.Listener;
import postern.sasl.Ban;
import postern.sasl.Bans;
import postern.sasl.GuardRules;
import postern.sasl.LoginGuard;
import postern.transcript.MemoryConnection;
import postern.transcript.VirtualTime;

class DoorkeeperTest {
    @Test
    void hangsUpOnWhoIsBannedWithoutAWord() {
        InstantSource clock = InstantSource.fixed(Instant.EPOCH);
        LoginGuard guard = new LoginGuard(clock, Bans.inMemory(clock), MailLog.none());
        GuardRules rules = new GuardRules(
                6,
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofDays(180),
                true,
                InetAddress::isLoopbackAddress,
                login -> false);
        guard.bans().ban(Cidr.parse("198.51.100.0/24"), Ban.CUSTOM, Duration.ofHours(1));
        List<String> served = new ArrayList<>();
        Doorkeeper keeper = new Doorkeeper(guard, rules);
        Listener.Session door = Doorkeeper.before(
                () -> keeper, connection -> served.add(connection.peer().text()));

        for (String address : List.of("198.51.100.7", "203.0.113.1", "2001:db8::1")) {
            Endpoint peer = Endpoint.of(InetAddress.ofLiteral(address), 40000);
            door.serve(new MemoryConnection(new VirtualTime(), peer, peer, 4096));
        }

        assertThat(served).containsExactly("203.0.113.1", "2001:db8::1");
    }
}
