package postern.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.dns.Resolver.Answer;
import postern.dns.Resolver.Mx;

class DnsJavaResolverTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final String SOA = "example. SOA ns.example. root.example. 1 3600 600 86400 300";

    /// An answer with these records, of the form `name TYPE rdata`; what is no answer goes to AUTHORITY.
    private static byte[] answer(Message query, int code, String... records) {
        Message reply = FakeNameServer.reply(query, code);
        for (String text : records) {
            String[] words = text.split(" ", 3);
            try {
                Name name = Name.fromString(words[0]);
                Record record = Record.fromString(name, Type.value(words[1]), DClass.IN, 300, words[2], Name.root);
                reply.addRecord(record, words[1].equals("SOA") ? Section.AUTHORITY : Section.ANSWER);
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return reply.toWire();
    }

    private static FakeNameServer server(Function<Message, byte @Nullable []> answer) throws IOException {
        return new FakeNameServer(answer);
    }

    private static DnsJavaResolver ask(FakeNameServer... servers) {
        return new DnsJavaResolver(
                Stream.of(servers).map(FakeNameServer::address).toList(), TIMEOUT);
    }

    @Test
    void readsEveryTypeThatMailAsksFor() throws Exception {
        try (FakeNameServer server = server(query -> switch (query.getQuestion().getType()) {
            case Type.MX -> answer(query, 0, "a.example. MX 10 mx.example.", "a.example. MX 0 .");
            case Type.A -> answer(query, 0, "www.example. CNAME b.example.", "b.example. A 192.0.2.1");
            case Type.AAAA -> answer(query, 0, "a.example. AAAA 2001:db8::1");
            case Type.NS -> answer(query, 0, "a.example. NS ns1.example.", "a.example. NS ns2.example.");
            case Type.PTR -> answer(query, 0, "1.2.0.192.in-addr.arpa. PTR mx.example.");
            default -> answer(query, 0, "a.example. TXT \"v=spf1 \" \"-all\"");
        })) {
            DnsJavaResolver dns = ask(server);
            assertThat(dns.mx("a.example").records())
                    .containsExactlyInAnyOrder(new Mx(10, "mx.example"), new Mx(0, ""));
            assertThat(dns.a("www.example").records()).containsExactly(InetAddress.getByName("192.0.2.1"));
            assertThat(dns.aaaa("a.example").records()).containsExactly(InetAddress.getByName("2001:db8::1"));
            assertThat(dns.ns("a.example").records()).containsExactlyInAnyOrder("ns1.example", "ns2.example");
            assertThat(dns.ptr(InetAddress.getByName("192.0.2.1")).records()).containsExactly("mx.example");
            assertThat(dns.txt("a.example").records()).containsExactly("v=spf1 -all");
        }
    }

    @Test
    void keepsAnswersAndTheirAbsence() throws Exception {
        try (FakeNameServer server =
                server(query -> switch (query.getQuestion().getName().toString()) {
                    case "a.example." -> answer(query, 0, "a.example. A 192.0.2.1");
                    case "b.example." -> answer(query, 0, SOA);
                    default -> answer(query, Rcode.NXDOMAIN, SOA);
                })) {
            DnsJavaResolver dns = ask(server);
            for (int i = 0; i < 3; i++) {
                assertThat(dns.a("a.example").records()).hasSize(1);
                assertThat(dns.a("b.example")).isEqualTo(new Answer.NoData<InetAddress>());
                assertThat(dns.a("c.example")).isEqualTo(new Answer.NoName<InetAddress>());
            }
            assertThat(server.queries()).isEqualTo(3);
        }
    }

    /// SERVFAIL, refusal, silence, and an answer that cannot be read are all "could not ask", never "not
    /// there".
    @Test
    void whatCannotBeAskedIsATemporaryFailure() throws Exception {
        try (FakeNameServer server =
                server(query -> switch (query.getQuestion().getName().toString()) {
                    case "servfail.example." -> answer(query, Rcode.SERVFAIL);
                    case "refused.example." -> answer(query, Rcode.REFUSED);
                    case "loop.example." ->
                        answer(query, 0, "loop.example. CNAME pool.example.", "pool.example. CNAME loop.example.");
                    case "cut.example." -> {
                        byte[] whole = answer(query, 0, "cut.example. MX 10 mx.example.");
                        yield Arrays.copyOf(whole, whole.length - 5);
                    }
                    case "short.example." -> shortMx(query);
                    default -> null;
                })) {
            DnsJavaResolver dns = ask(server);
            for (String name : List.of("servfail", "refused", "loop", "cut", "short", "silent")) {
                assertThat(dns.mx(name + ".example")).as(name).isInstanceOf(Answer.TempFail.class);
            }
        }
    }

    /// An MX record whose data ends after the preference.
    private static byte[] shortMx(Message query) {
        byte[] head = answer(query, 0);
        byte[] record = {(byte) 0xc0, 12, 0, Type.MX, 0, DClass.IN, 0, 0, 1, 0, 0, 2, 0, 10};
        byte[] whole = Arrays.copyOf(head, head.length + record.length);
        System.arraycopy(record, 0, whole, head.length, record.length);
        whole[7] = 1;
        return whole;
    }

    /// As many as 64 KB hold.
    @Test
    void thousandsOfExchangersComeOverTcp() throws Exception {
        String[] many = new String[2900];
        for (int i = 0; i < many.length; i++) {
            many[i] = "big.example. MX 10 m" + i + ".example.";
        }
        try (FakeNameServer server = server(query -> answer(query, 0, many))) {
            DnsJavaResolver patient = new DnsJavaResolver(List.of(server.address()), Duration.ofSeconds(30));
            assertThat(patient.mx("big.example").records()).hasSize(2900);
        }
    }

    @Test
    void theNextServerIsAskedWhenOneFailsOrIsSilent() throws Exception {
        try (FakeNameServer silent = server(query -> null);
                FakeNameServer broken = server(query -> answer(query, Rcode.SERVFAIL));
                FakeNameServer good = server(query -> answer(query, 0, "a.example. A 192.0.2.1"))) {
            assertThat(ask(silent, broken, good).a("a.example").records()).hasSize(1);
        }
    }

    @Test
    void aNameThatCannotBeIsNotAskedFor() throws Exception {
        try (FakeNameServer server = server(query -> answer(query, 0, "xn--bcher-kva.example. A 192.0.2.1"))) {
            DnsJavaResolver dns = ask(server);
            assertThat(dns.a("")).isInstanceOf(Answer.NoName.class);
            assertThat(dns.a("a..example")).isInstanceOf(Answer.NoName.class);
            assertThat(dns.a("x".repeat(64) + ".example")).isInstanceOf(Answer.NoName.class);
            assertThat(dns.a("a\\.example")).isInstanceOf(Answer.NoName.class);
            assertThat(server.queries()).isZero();
            assertThat(dns.a("bücher.example").records()).hasSize(1);
        }
    }

    @Test
    void theServersComeFromMainCfOrResolvConf(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("resolv.conf");
        Files.writeString(file, "# comment\nsearch example\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n");
        MainCf none = MainCf.of(directory, Map.of());
        assertThat(NameServers.of(none, file)).containsExactly(address("192.0.2.53", 53), address("2001:db8::53", 53));
        assertThat(NameServers.of(none, directory.resolve("absent"))).containsExactly(address("127.0.0.1", 53));
        MainCf own = MainCf.of(
                directory, Map.of("postern_dns_servers", "192.0.2.1:5353, [2001:db8::1]:54 2001:db8::2 192.0.2.3"));
        assertThat(NameServers.of(own, file))
                .containsExactly(
                        address("192.0.2.1", 5353),
                        address("2001:db8::1", 54),
                        address("2001:db8::2", 53),
                        address("192.0.2.3", 53));
        MainCf wrong = MainCf.of(directory, Map.of("postern_dns_servers", "dns.example:53"));
        assertThatThrownBy(() -> NameServers.of(wrong, file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("postern_dns_servers")
                .hasMessageContaining("192.0.2.53");
    }

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }
}
