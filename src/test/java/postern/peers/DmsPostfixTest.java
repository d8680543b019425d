package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import postern.dns.FakeNameServer;

/// The lines of docs/with-dms.md, tried with Debian's Postfix and policyd-spf in docker-mailserver's
/// configuration: what stands behind judges the true client, by SPF and by DNSBL, and never takes one client
/// for another.
class DmsPostfixTest {
    private static final String NAMES = "127.0.0.77";
    private static final Map<String, String> DNS = Map.of(
            "spf.example. TXT", "\"v=spf1 ip4:192.0.2.0/25 -all\"",
            "spf.example. A", "192.0.2.1",
            "example.com. A", "192.0.2.2",
            "66.2.0.192.dnsbl.example. A", "127.0.0.2");

    private static final String DMS = """
            compatibility_level = 2
            myhostname = dms.example.com
            mydestination = $myhostname, localhost.$mydomain, localhost
            smtputf8_enable = no
            smtpd_helo_required = yes
            smtpd_delay_reject = yes
            smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname, permit
            smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
            smtpd_recipient_restrictions = permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination,
              check_policy_service unix:private/policyd-spf, reject_invalid_helo_hostname,
              reject_non_fqdn_helo_hostname, reject_unknown_recipient_domain
            smtpd_client_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
            smtpd_sender_restrictions = permit_sasl_authenticated, permit_mynetworks, reject_unknown_sender_domain
            smtpd_discard_ehlo_keywords = silent-discard, dsn
            smtpd_data_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_pipelining
            disable_vrfy_command = yes
            smtpd_forbid_bare_newline = yes
            postscreen_dnsbl_action = enforce
            postscreen_greet_action = enforce
            postscreen_dnsbl_sites = dnsbl.example=127.0.0.[2..11]*3
            postscreen_dnsbl_threshold = 3
            postscreen_greet_wait = 1s
            policyd-spf_time_limit = 3600
            virtual_mailbox_domains = example.com
            virtual_mailbox_maps = inline:{ you@example.com=you }
            virtual_transport = discard:
            inet_protocols = ipv4
            mynetworks = 127.0.0.1/32
            """;
    private static final String SERVICES = """
            smtpd pass - - n - - smtpd
            dnsblog unix - - n - 0 dnsblog
            tlsproxy unix - - n - 0 tlsproxy
            policyd-spf unix - n n - 0 spawn user=policyd-spf argv=/usr/bin/policyd-spf
            """;

    private static final Pattern REFUSED = Pattern.compile(
            "reject: RCPT from unknown\\[(192\\.0\\.2\\.\\d+)\\]: 550 5\\.7\\.23 .*helo=<client-(.*)\\.example>");
    private static final Pattern TAKEN = Pattern.compile(": client=unknown\\[192\\.0\\.2\\.(\\d+)\\]");

    @TempDir
    private static Path directory;

    private static @Nullable FakeNameServer names;
    private static final List<AutoCloseable> running = new ArrayList<>();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Sink sink;
    private static PublicDirectory byXclient;
    private static PublicDirectory byProxy;
    private static PostfixInstance xclient;
    private static PostfixInstance proxy;

    @BeforeAll
    static void start() throws IOException {
        Commands.needRoot();
        Commands.need("postfix", "policyd-spf", "unshare");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        names = new FakeNameServer(NAMES, 53, DmsPostfixTest::answer);
        Path resolvConf = Files.writeString(directory.resolve("resolv.conf"), "nameserver " + NAMES + "\n");

        sink = new Sink("127.0.0.1", 0);
        running.add(sink);
        String first = "127.0.0.9:" + PublicDirectory.freePort();
        xclient = new PostfixInstance(
                Files.createDirectories(directory.resolve("xclient")),
                first,
                DMS + "smtpd_authorized_xclient_hosts = 127.0.0.1\n",
                Map.of(),
                new PostfixInstance.World(first + " inet n - n - 1 postscreen\n" + SERVICES, resolvConf));
        running.add(xclient);
        byXclient = server(
                "by-xclient",
                first,
                "transport_maps = hash:/etc/postfix/transport, inline:{ spf.example=smtp:[127.0.0.1]:" + sink.port()
                        + " }\n");

        String second = "127.0.0.9:" + PublicDirectory.freePort();
        proxy = new PostfixInstance(
                Files.createDirectories(directory.resolve("proxy")),
                second,
                DMS,
                Map.of(),
                new PostfixInstance.World(
                        second + " inet n - n - 1 postscreen\n  -o postscreen_upstream_proxy_protocol=haproxy\n"
                                + SERVICES,
                        resolvConf));
        running.add(proxy);
        byProxy = server("by-proxy", second, "postern_relay_proxy = [" + second.replace(":", "]:") + "\n");
    }

    private static PublicDirectory server(String name, String nextHop, String more) throws IOException {
        PublicDirectory made =
                new PublicDirectory(Files.createDirectories(directory.resolve(name)), nextHop, """
                mynetworks = 127.0.0.99/32
                smtpd_peername_lookup = no
                smtpd_authorized_xclient_hosts = 127.0.0.1
                smtp_tls_security_level = none
                relay_destination_concurrency_limit = 60
                postern_handover = through
                """ + more);
        running.add(made.start());
        return made;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : running.reversed()) {
            each.close();
        }
        if (names != null) {
            names.close();
        }
    }

    private static byte[] answer(Message query) {
        Record question = query.getQuestion();
        String name = question.getName().toString().toLowerCase(Locale.ROOT);
        String data = DNS.get(name + " " + Type.string(question.getType()));
        boolean known = DNS.keySet().stream().anyMatch(key -> key.startsWith(name + " "));
        Message reply = FakeNameServer.reply(query, known ? 0 : 3);
        reply.getHeader().setFlag(Flags.AA);
        if (data != null) {
            try {
                reply.addRecord(
                        Record.fromString(question.getName(), question.getType(), DClass.IN, 60, data, Name.root),
                        Section.ANSWER);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        return reply.toWire();
    }

    @Test
    void spfRefusesByTheTrueClient() throws IOException {
        assertThat(rcpt(byXclient, "192.0.2.200")).startsWith("550 5.7.23").doesNotContain("127.0.0");
        assertThat(rcpt(byXclient, "192.0.2.7")).startsWith("250");
        assertThat(rcpt(byXclient, "192.0.2.200")).startsWith("550 5.7.23");
        assertThat(xclient.log()).contains("[192.0.2.200]: 550 5.7.23").doesNotContain("unknown[127.0.0.1]: 550");
    }

    @Test
    void unknownUserIsRefusedInTheSession() throws IOException {
        try (Sender sender = client(byXclient, "192.0.2.7")) {
            assertThat(sender.command("RCPT TO:<nobody@example.com>")).startsWith("550 5.1.1");
        }
    }

    @Test
    void dnsblOfPostscreenRefusesByTheTrueClient() throws IOException {
        assertThat(rcpt(byProxy, "192.0.2.66"))
                .contains("5.7.1 Service unavailable; client [192.0.2.66] blocked using dnsbl.example");
        assertThat(rcpt(byProxy, "192.0.2.7")).startsWith("250");
        assertThat(proxy.log()).containsPattern("postscreen\\[\\d+\\]: DNSBL rank 3 for \\[192\\.0\\.2\\.66\\]");
    }

    /// smtpd sees the true client too, once postscreen has let it through, and its own HELO.
    @Test
    void spfRefusesByTheTrueClientBehindPostscreen() throws IOException {
        assertThat(rcpt(byProxy, "192.0.2.201")).startsWith("550 5.7.23");
        assertThat(proxy.log()).contains("helo=<client-192.0.2.201.example>");
    }

    /// DMS hides DSN. What a client in mynetworks asked for is then told by us; a stranger is not offered it.
    @Test
    void successIsToldToKnownSendersOnly() throws IOException {
        try (Sender known = client(byXclient, "127.0.0.99")) {
            assertThat(known.command("RCPT TO:<you@example.com> NOTIFY=SUCCESS"))
                    .startsWith("250");
            known.command("DATA");
            assertThat(known.command("Subject: tell me\r\n\r\nhello\r\n.")).startsWith("250 2.0.0");
        }
        Commands.await("the notice", PATIENCE, () -> internet().contains("Action: relayed"));
        assertThat(internet()).contains("Final-Recipient: rfc822; you@example.com");
        try (Sender stranger = client(byXclient, "192.0.2.9")) {
            stranger.command("RCPT TO:<you@example.com> NOTIFY=SUCCESS");
            stranger.command("DATA");
            assertThat(stranger.command("Subject: me too\r\n\r\nhello\r\n.")).startsWith("250 2.0.0");
        }
        assertThat(byXclient.logged()).containsOnlyOnce("sender delivery status notification");
    }

    /// Odd ones may send for the domain, even ones not. Each says HELO by its address: where the two are not of
    /// one client, somebody was taken for another.
    @Test
    void fiftyClientsAtATimeAreNeverMixedUp() throws Exception {
        fifty(byXclient);
        fifty(byXclient);
        fifty(byProxy);
        for (String log : List.of(xclient.log(), proxy.log())) {
            List<MatchResult> refused = REFUSED.matcher(log).results().toList();
            assertThat(refused).hasSizeGreaterThanOrEqualTo(25);
            assertThat(refused).allMatch(line -> line.group(1).equals(line.group(2)));
            List<MatchResult> taken = TAKEN.matcher(log).results().toList();
            assertThat(taken).hasSizeGreaterThanOrEqualTo(25);
            assertThat(taken).allMatch(line -> Integer.parseInt(line.group(1)) < 128);
        }
    }

    private static String internet() {
        return sink.taken().stream().map(Sink.Taken::text).collect(Collectors.joining());
    }

    private static void fifty(PublicDirectory through) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String address = "192.0.2." + (i % 2 == 0 ? 130 + i : 10 + i);
                answers.add(threads.submit(() -> address + " " + send(through, address)));
            }
            for (Future<String> answer : answers) {
                String[] parts = answer.get().split(" ", 2);
                boolean mayNot = Integer.parseInt(parts[0].substring("192.0.2.".length())) >= 128;
                assertThat(parts[1]).as(parts[0]).startsWith(mayNot ? "550 5.7.23" : "250 2.0.0");
            }
        }
    }

    private static String send(PublicDirectory through, String address) throws IOException {
        try (Sender sender = client(through, address)) {
            String answer = sender.command("RCPT TO:<you@example.com>");
            if (!answer.startsWith("250")) {
                return answer;
            }
            sender.command("DATA");
            return sender.command("Subject: of " + address + "\r\n\r\nhello\r\n.");
        }
    }

    private static String rcpt(PublicDirectory through, String address) throws IOException {
        try (Sender sender = client(through, address)) {
            return sender.command("RCPT TO:<you@example.com>");
        }
    }

    /// A session in which this client has said MAIL.
    private static Sender client(PublicDirectory through, String address) throws IOException {
        Sender sender = new Sender("127.0.0.1", through.port());
        for (String command : List.of(
                "XCLIENT ADDR=" + address + " NAME=[UNAVAILABLE] PORT=4711",
                "EHLO client-" + address + ".example",
                "MAIL FROM:<someone@spf.example>")) {
            assertThat(sender.command(command)).startsWith("2");
        }
        return sender;
    }
}
