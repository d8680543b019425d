package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.smtp.client.NextHop.Kind;

class NextHopTest {
    private static NextHop smtp(String text) {
        return NextHop.parse(text, Protocol.SMTP, 25).getFirst();
    }

    private static NextHop lmtp(String text) {
        return NextHop.parse(text, Protocol.LMTP, 24).getFirst();
    }

    @Test
    void readsEveryFormOfTransport5() {
        assertThat(smtp("example.com")).isEqualTo(new NextHop("example.com", "example.com", 25, Kind.DOMAIN));
        assertThat(smtp("example.com:587")).isEqualTo(new NextHop("example.com:587", "example.com", 587, Kind.DOMAIN));
        assertThat(smtp("[192.168.2.3]:25")).isEqualTo(new NextHop("[192.168.2.3]:25", "192.168.2.3", 25, Kind.HOST));
        assertThat(smtp("[mx.example]")).isEqualTo(new NextHop("[mx.example]", "mx.example", 25, Kind.HOST));
        assertThat(smtp("[mx.example]:submission").port()).isEqualTo(587);
        assertThat(smtp("[ipv6:2001:db8::1]:465"))
                .isEqualTo(new NextHop("[ipv6:2001:db8::1]:465", "2001:db8::1", 465, Kind.HOST));
        assertThat(smtp("[2001:db8::1]").host()).isEqualTo("2001:db8::1");
        assertThat(lmtp("unix:/run/dovecot/lmtp"))
                .isEqualTo(new NextHop("unix:/run/dovecot/lmtp", "/run/dovecot/lmtp", 0, Kind.UNIX));
        assertThat(lmtp("inet:mail.example")).isEqualTo(new NextHop("mail.example", "mail.example", 24, Kind.HOST));
        assertThat(lmtp("inet:[127.0.0.1]:2003").port()).isEqualTo(2003);
    }

    @Test
    void severalNextHopsAreTriedInTheirOrder() {
        assertThat(NextHop.parse("[a.example]:25, b.example  [c.example]", Protocol.SMTP, 25))
                .extracting(NextHop::host)
                .containsExactly("a.example", "b.example", "c.example");
    }

    @Test
    void aSocketNeedsAPath() {
        assertThatThrownBy(() -> lmtp("unix:")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " , ",
                "[mx.example",
                "mx.example]",
                "[]",
                "[mx.example]25",
                "[mx.example]x:25",
                ":25",
                "mx:0",
                "mx:65536",
                "mx:+25",
                "mx:-1",
                "mx:smtp2",
                "mx:",
                "mx:25:25"
            })
    void whatIsNoNextHopIsSaidSo(String text) {
        assertThatThrownBy(() -> NextHop.parse(text, Protocol.SMTP, 25)).isInstanceOf(IllegalArgumentException.class);
    }
}
