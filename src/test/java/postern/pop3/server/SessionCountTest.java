package postern.pop3.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class SessionCountTest {
    private static final InetAddress V4 = InetAddress.ofLiteral("192.0.2.1");

    @Test
    void eachNetworkHasItsOwn() {
        SessionCount sessions = new SessionCount(2);
        assertThat(sessions.enter(V4)).isTrue();
        assertThat(sessions.enter(V4)).isTrue();
        assertThat(sessions.enter(V4)).isFalse();
        assertThat(sessions.enter(V4)).isFalse();
        assertThat(sessions.enter(InetAddress.ofLiteral("192.0.2.2"))).isTrue();
        sessions.leave(V4);
        assertThat(sessions.enter(V4)).isTrue();
        assertThat(sessions.enter(V4)).isFalse();
    }

    @Test
    void ipv6CustomerIsOneNetwork() {
        SessionCount sessions = new SessionCount(1);
        assertThat(sessions.enter(InetAddress.ofLiteral("2001:db8:1:2::1"))).isTrue();
        assertThat(sessions.enter(InetAddress.ofLiteral("2001:db8:1:2:ffff::9")))
                .isFalse();
        assertThat(sessions.enter(InetAddress.ofLiteral("2001:db8:1:3::1"))).isTrue();
    }

    @Test
    void thisMachineIsNotCountedAndZeroIsNoLimit() {
        SessionCount one = new SessionCount(1);
        SessionCount any = new SessionCount(0);
        for (int i = 0; i < 100; i++) {
            assertThat(one.enter(InetAddress.getLoopbackAddress())).isTrue();
            assertThat(one.enter(null)).isTrue();
            assertThat(any.enter(V4)).isTrue();
        }
    }
}
