package postern.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import postern.dns.Resolver.Answer;
import postern.dns.Resolver.Mx;

class FixedResolverTest {
    private final FixedResolver dns = new FixedResolver("""
            ; the zone of the tests
            a.example.       MX    10 mx.example.
            a.example.  3600 IN MX 20 MX2.example.
            mx.example       A     192.0.2.1      # a comment
            mx.example.      AAAA  2001:db8::1
            null.example.    MX    0 .
            192.0.2.1        PTR   mx.example.
            2001:db8::1      PTR   mx.example.
            www.example.     CNAME mx.example.
            loop.example.    CNAME loop.example.
            t.example.       TXT   "v=spf1 " "-all; x"
            broken.example.  SERVFAIL
            slow.example.    MX TIMEOUT
            slow.example.    A 192.0.2.9
            """);

    @Test
    void answersFromItsZone() throws Exception {
        assertThat(dns.mx("A.example").records()).containsExactly(new Mx(10, "mx.example"), new Mx(20, "mx2.example"));
        assertThat(dns.mx("null.example").records()).containsExactly(new Mx(0, ""));
        assertThat(dns.a("www.example").records()).containsExactly(InetAddress.getByName("192.0.2.1"));
        assertThat(dns.aaaa("mx.example").records()).containsExactly(InetAddress.getByName("2001:db8::1"));
        assertThat(dns.ptr(InetAddress.getByName("192.0.2.1")).records()).containsExactly("mx.example");
        assertThat(dns.ptr(InetAddress.getByName("2001:db8:0::1")).records()).containsExactly("mx.example");
        assertThat(dns.txt("t.example").records()).containsExactly("v=spf1 -all; x");
        assertThat(dns.asked()).startsWith("MX a.example", "MX null.example");
    }

    @Test
    void tellsNoDataFromNoNameFromFailure() {
        assertThat(dns.mx("mx.example")).isEqualTo(new Answer.NoData<Mx>());
        assertThat(dns.a("example")).isEqualTo(new Answer.NoData<InetAddress>());
        assertThat(dns.a("nowhere.example")).isEqualTo(new Answer.NoName<InetAddress>());
        assertThat(dns.a("broken.example")).isEqualTo(new Answer.TempFail<InetAddress>("SERVFAIL"));
        assertThat(dns.mx("slow.example")).isEqualTo(new Answer.TempFail<Mx>("timed out"));
        assertThat(dns.a("slow.example").records()).hasSize(1);
        assertThat(dns.a("loop.example")).isInstanceOf(Answer.TempFail.class);
    }
}
