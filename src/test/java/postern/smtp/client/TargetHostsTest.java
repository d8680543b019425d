package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.dns.FixedResolver;

class TargetHostsTest {
    private static final InetAddress OWN = InetAddress.ofLiteral("192.0.2.100");

    private final FixedResolver dns = new FixedResolver("""
            a.example       MX 20 two.example
            a.example       MX 10 one.example
            one.example     A 192.0.2.1
            two.example     A 192.0.2.2
            implicit.example A 192.0.2.3
            null.example    MX 0 .
            six.example     MX 10 six1.example
            six1.example    AAAA 2001:db8::1
            six1.example    AAAA 2001:db8::2
            six1.example    AAAA 2001:db8::3
            six1.example    AAAA 2001:db8::4
            six1.example    AAAA 2001:db8::5
            six1.example    AAAA 2001:db8::6
            six1.example    A 192.0.2.6
            self.example    A 192.0.2.100
            backup.example  MX 10 one.example
            backup.example  MX 20 self.example
            backup.example  MX 30 two.example
            loop.example    MX 10 self.example
            loop.example    MX 20 two.example
            named.example   MX 10 Mail.Example
            lost.example    MX 10 gone.example
            lost.example    MX 20 self.example
            gone.example    MX 10 gone1.example
            noaddress.example MX 10 gone1.example
            noaddress.example MX 20 gone2.example
            half.example    MX 10 gone1.example
            half.example    MX 20 slow.example
            slow.example    TIMEOUT
            broken.example  SERVFAIL
            some.example    MX 10 slow.example
            some.example    MX 20 one.example
            """);
    private int seed;

    private TargetHosts hosts(Map<String, String> settings) {
        Map<String, String> all = new java.util.HashMap<>(settings);
        all.putIfAbsent("myhostname", "mail.example");
        return new TargetHosts(MainCf.of(Path.of("/"), all), dns, OWN::equals, new Random(seed));
    }

    private List<String> of(String text, Map<String, String> settings) throws SmtpFailure {
        return hosts(settings).of(NextHop.parse(text, Protocol.SMTP, 25).getFirst()).hosts().stream()
                .map(TargetHost::label)
                .toList();
    }

    private List<String> of(String text) throws SmtpFailure {
        return of(text, Map.of());
    }

    private SmtpFailure failure(String text, Map<String, String> settings) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(SmtpFailure.class, () -> of(text, settings));
    }

    private SmtpFailure failure(String text) {
        return failure(text, Map.of());
    }

    @Test
    void exchangersComeInTheOrderOfTheirPreference() throws SmtpFailure {
        assertThat(of("a.example")).containsExactly("one.example[192.0.2.1]", "two.example[192.0.2.2]");
    }

    /// RFC 5321 §5.1: without MX records, the domain itself is its exchanger.
    @Test
    void withoutExchangersTheDomainItselfIsTheHost() throws SmtpFailure {
        assertThat(of("implicit.example")).containsExactly("implicit.example[192.0.2.3]");
    }

    /// RFC 7505 §3 and §4.2.
    @Test
    void aNullMxTakesNoMail() {
        SmtpFailure failure = failure("null.example");
        assertThat(failure.status()).hasToString("5.1.10");
        assertThat(failure.text()).isEqualTo("Domain null.example does not accept mail (nullMX)");
    }

    @Test
    void bracketsPassOverTheExchangers() throws SmtpFailure {
        assertThat(of("[one.example]:2525")).containsExactly("one.example[192.0.2.1]");
        assertThat(of("[192.0.2.9]")).containsExactly("192.0.2.9[192.0.2.9]");
        assertThat(of("[2001:db8::9]")).containsExactly("2001:db8::9[2001:db8::9]");
        assertThat(dns.asked()).containsOnly("A one.example", "AAAA one.example");
    }

    @Test
    void whatIsNotThereGoesBackAndWhatCannotBeAskedWaits() {
        SmtpFailure none = failure("nowhere.example");
        assertThat(none.status()).hasToString("5.4.4");
        assertThat(none.text())
                .isEqualTo(
                        "Host or domain name not found. Name service error for name=nowhere.example type=MX: Host not found");
        assertThat(failure("[nowhere.example]").status()).hasToString("5.4.4");
        SmtpFailure broken = failure("broken.example");
        assertThat(broken.status()).hasToString("4.4.3");
        assertThat(broken.text())
                .isEqualTo(
                        "Host or domain name not found. Name service error for name=broken.example type=MX: Host not found, try again");
        assertThat(failure("[broken.example]").status()).hasToString("4.4.3");
    }

    @Test
    void exchangersWithoutAddressesAreLeftOut() throws SmtpFailure {
        assertThat(of("some.example")).containsExactly("one.example[192.0.2.1]");
        assertThat(failure("noaddress.example").status()).hasToString("5.4.4");
        assertThat(failure("noaddress.example", Map.of("smtp_defer_if_no_mx_address_found", "yes"))
                        .status())
                .hasToString("4.4.4");
        assertThat(failure("half.example").status())
                .as("one of the two could not be asked")
                .hasToString("4.4.3");
    }

    @Test
    void onlyBetterExchangersThanThisHostAreUsed() throws SmtpFailure {
        assertThat(of("backup.example")).containsExactly("one.example[192.0.2.1]");
        SmtpFailure lost = failure("lost.example");
        assertThat(lost.status()).hasToString("4.4.4");
        assertThat(lost.text()).isEqualTo("unable to find primary relay for lost.example");
    }

    @Test
    void aSocketLiesInTheQueueDirectoryUnlessItsPathIsWhole() throws SmtpFailure {
        NextHop relative = NextHop.parse("unix:private/lmtp", Protocol.LMTP, 24).getFirst();
        NextHop whole = NextHop.parse("unix:/run/lmtp", Protocol.LMTP, 24).getFirst();
        TargetHosts hosts = hosts(Map.of("queue_directory", "/var/spool/x"));
        assertThat(hosts.of(relative).hosts().getFirst().endpoint().unixPath()).isEqualTo("/var/spool/x/private/lmtp");
        assertThat(hosts.of(whole).hosts().getFirst().endpoint().unixPath()).isEqualTo("/run/lmtp");
    }

    @Test
    void mailForThisHostLoopsBack() throws SmtpFailure {
        for (String hop : List.of("loop.example", "named.example", "[self.example]", "[192.0.2.100]")) {
            SmtpFailure failure = failure(hop);
            assertThat(failure.status()).as(hop).hasToString("5.4.6");
            assertThat(failure.text()).startsWith("mail for ").endsWith(" loops back to myself");
        }
        assertThat(of("[self.example]:2525"))
                .as("another port is another service")
                .hasSize(1);
    }

    @Test
    void theAddressLimitLeavesRoomForBothFamilies() throws SmtpFailure {
        assertThat(of("six.example"))
                .hasSize(5)
                .contains("six1.example[192.0.2.6]")
                .first()
                .asString()
                .contains("2001:db8");
        assertThat(of("six.example").get(1)).as("a dead IPv6 costs one attempt").isEqualTo("six1.example[192.0.2.6]");
        assertThat(of("six.example", Map.of("smtp_mx_address_limit", "0"))).hasSize(7);
        assertThat(of("six.example", Map.of("smtp_address_preference", "ipv4")).getFirst())
                .isEqualTo("six1.example[192.0.2.6]");
        assertThat(of("six.example", Map.of("smtp_address_preference", "ipv6")).getLast())
                .isEqualTo("six1.example[192.0.2.6]");
        assertThat(of("six.example", Map.of("inet_protocols", "ipv4"))).containsExactly("six1.example[192.0.2.6]");
        assertThat(failure("[2001:db8::9]", Map.of("inet_protocols", "ipv4")).status())
                .hasToString("4.4.4");
    }

    @Test
    void equalPreferenceIsShuffledUnlessToldNotTo() throws SmtpFailure {
        for (int i = 0; i < 4; i++) {
            dns.add("even.example MX 10 e" + i + ".example");
            dns.add("e" + i + ".example A 192.0.2." + (50 + i));
        }
        Set<String> firsts = new TreeSet<>();
        for (seed = 0; seed < 40; seed++) {
            firsts.add(of("even.example").getFirst());
        }
        assertThat(firsts).hasSize(4);
        assertThat(of("even.example", Map.of("smtp_randomize_addresses", "no")).getFirst())
                .isEqualTo("e0.example[192.0.2.50]");
    }

    /// Aliases that lead in a circle, of a domain or of its exchanger, say nothing of it: mail waits.
    @Test
    void aliasesInACircleAreATemporaryFailure() {
        dns.add("circle.example CNAME circle2.example").add("circle2.example CNAME circle.example");
        dns.add("into.example MX 10 circle.example");
        for (String hop : List.of("circle.example", "[circle.example]", "into.example")) {
            assertThat(failure(hop).status()).as(hop).hasToString("4.4.3");
        }
    }

    /// A domain with thousands of exchangers, none of which has an address, costs a bounded number of
    /// questions.
    @Test
    void fourThousandExchangersCostTwentyLookUps() {
        FixedResolver many = new FixedResolver();
        for (int i = 0; i < 4000; i++) {
            many.add("many.example MX " + i % 3 + " m" + i + ".example");
        }
        TargetHosts hosts = new TargetHosts(MainCf.of(Path.of("/"), Map.of()), many, OWN::equals, new Random(1));
        assertThatThrownBy(() -> hosts.of(
                        NextHop.parse("many.example", Protocol.SMTP, 25).getFirst()))
                .isInstanceOf(SmtpFailure.class);
        assertThat(many.asked()).hasSizeLessThanOrEqualTo(41);
    }

    /// With a level set, disable_dns_lookups no longer counts (postconf(5)).
    @Test
    void theSupportLevelGoesBeforeDisablingOfDns() throws SmtpFailure {
        assertThat(of("one.example", Map.of("smtp_dns_support_level", "enabled", "disable_dns_lookups", "yes")))
                .isEqualTo(of("one.example"));
        assertThat(of("localhost", Map.of("smtp_dns_support_level", "disabled")))
                .containsAnyOf("localhost[127.0.0.1]", "localhost[::1]");
        assertThatThrownBy(() -> hosts(Map.of("smtp_dns_support_level", "dnssec")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("DNSSEC is not looked at; \"enabled\" is right");
    }
}
