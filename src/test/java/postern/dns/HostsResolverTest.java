package postern.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.dns.Resolver.Answer;

/// The hosts file goes before name servers.
class HostsResolverTest {
    private static final InetAddress NEAR = InetAddress.ofLiteral("192.168.2.3");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("::1");

    @TempDir
    private Path directory;

    private final FixedResolver zone = new FixedResolver("near.lan A 192.0.2.1", "far.example A 192.0.2.2");

    private Resolver resolver(String hosts, Resolver otherwise) throws IOException {
        return new HostsResolver(Files.writeString(directory.resolve("hosts"), hosts), otherwise);
    }

    /// Nobody waits for a name server that does not answer.
    @Test
    void whoIsInTheFileNeedsNoNameServer() throws IOException {
        try (SilentResolver silent = new SilentResolver()) {
            Resolver hosts = resolver("192.168.2.3\tNear.lan near # the private server\n::1 localhost\n", silent);
            assertThat(hosts.ptr(NEAR)).isEqualTo(new Answer.Found<>(List.of("Near.lan", "near")));
            assertThat(hosts.a("near.LAN")).isEqualTo(new Answer.Found<>(List.of(NEAR)));
            assertThat(hosts.ptr(LOOPBACK)).isEqualTo(new Answer.Found<>(List.of("localhost")));
            assertThat(hosts.aaaa("localhost")).isEqualTo(new Answer.Found<>(List.of(LOOPBACK)));
            assertThat(silent.asked()).isZero();
        }
    }

    @Test
    void othersAreAskedFor() throws IOException {
        Resolver hosts = resolver("192.168.2.3 near.lan\n", zone);
        assertThat(hosts.a("far.example")).isEqualTo(zone.a("far.example"));
        assertThat(hosts.aaaa("near.lan")).as("of the other family").isEqualTo(zone.aaaa("near.lan"));
        assertThat(hosts.ptr(LOOPBACK)).isInstanceOf(Answer.NoName.class);
        assertThat(hosts.mx("near.lan")).isEqualTo(zone.mx("near.lan"));
    }

    @Test
    void changedFileCountsFromTheNextQuestionOn() throws IOException {
        Resolver hosts = resolver("192.168.2.3 near.lan\n", zone);
        assertThat(hosts.a("near.lan").records()).containsExactly(NEAR);
        Files.writeString(directory.resolve("hosts"), "192.168.2.3 elsewhere.lan\n");
        assertThat(hosts.a("near.lan")).isEqualTo(zone.a("near.lan"));
        assertThat(hosts.a("elsewhere.lan").records()).containsExactly(NEAR);
    }

    @Test
    void whatIsNoLineIsNotLookedAt() throws IOException {
        Resolver hosts = resolver("\u0000 x\n192.168.2 a\n192.168.2.3\n # 192.168.2.3 near.lan\n300.1.1.1 y\n", zone);
        assertThat(hosts.ptr(NEAR)).isInstanceOf(Answer.NoName.class);
        assertThat(hosts.a("near.lan")).isEqualTo(zone.a("near.lan"));
        assertThat(new HostsResolver(directory.resolve("none"), zone).a("near.lan"))
                .isEqualTo(zone.a("near.lan"));
        assertThat(resolver("192.168.2.3 near.lan\n".repeat(60_000), zone).a("near.lan"))
                .isEqualTo(zone.a("near.lan"));
    }
}
