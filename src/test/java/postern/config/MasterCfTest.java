package postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.config.MasterService.Type;
import postern.peers.Commands;

class MasterCfTest {
    private static final MainCf MAIN = MainCf.of(Path.of("conf/public"), Map.of("mua_client", "permit"));

    private static MasterCf parse(String text) {
        return MasterCf.parse("master.cf", text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> names(List<MasterService> services) {
        return services.stream().map(MasterService::name).toList();
    }

    @Test
    void withoutAFileDebiansServicesCount() {
        MasterCf master = MasterCf.load(Path.of("conf/public"));
        assertThat(master.listeners(MAIN)).hasSize(1);
        MasterService smtpd = master.listeners(MAIN).getFirst();
        assertThat(smtpd.host()).isEmpty();
        assertThat(smtpd.port(MAIN)).isEqualTo(25);
        assertThat(smtpd.processLimit(MAIN)).isEqualTo(100);
        assertThat(names(master.transports())).containsExactly("smtp", "relay", "error", "retry", "discard", "lmtp");
        assertThat(master.warnings()).isEmpty();
        MasterService relay = master.service("relay", Type.UNIX);
        assertThat(relay).isNotNull();
        assertThat(master.configure(MAIN, relay).expand("$syslog_name")).isEqualTo("postfix/relay");
    }

    @Test
    void debiansOwnFileIsSilent() throws IOException {
        Path file = Path.of("/usr/share/postfix/master.cf.dist");
        Commands.leaveOutUnless(Files.exists(file), file + " is missing: Debian's package postfix has it");
        MasterCf master = MasterCf.parse("master.cf", Files.readAllBytes(file));
        assertThat(master.warnings()).isEmpty();
        assertThat(master.listeners(MAIN)).hasSize(1);
        assertThat(names(master.transports())).containsExactly("smtp", "relay", "error", "retry", "discard", "lmtp");
    }

    @Test
    void optionsAreReadInEachOfTheirForms() {
        MasterCf master = parse("""
                # submission
                submission inet n - y - 20 smtpd
                  -o syslog_name=postfix/submission -osmtpd_tls_security_level=encrypt
                # between
                  -o { smtpd_client_restrictions = $mua_client, reject }
                  -o smtpd_helo_restrictions=
                """);
        MasterService service = master.listeners(MAIN).getFirst();
        assertThat(service.port(MAIN)).isEqualTo(587);
        assertThat(service.processLimit(MAIN)).isEqualTo(20);
        assertThat(service.options())
                .containsExactly(
                        Map.entry("syslog_name", "postfix/submission"),
                        Map.entry("smtpd_tls_security_level", "encrypt"),
                        Map.entry("smtpd_client_restrictions", "$mua_client, reject"),
                        Map.entry("smtpd_helo_restrictions", ""));
        MainCf seen = master.configure(MAIN, service);
        assertThat(seen.expand("$smtpd_client_restrictions")).isEqualTo("permit, reject");
        assertThat(seen.origin("smtpd_client_restrictions")).isEqualTo("master.cf:2");
        assertThat(MAIN.expand("$smtpd_client_restrictions")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "smtp, '', 25",
        "10025, '', 10025",
        "127.0.0.1:submissions, 127.0.0.1, 465",
        "[::1]:smtps, ::1, 465",
        "mail.example.com:smtp, mail.example.com, 25"
    })
    void aListenerHasHostAndPort(String name, String host, int port) {
        MasterService service =
                parse(name + " inet n - n - - smtpd").listeners(MAIN).getFirst();
        assertThat(service.host()).isEqualTo(host);
        assertThat(service.port(MAIN)).isEqualTo(port);
    }

    @Test
    void anUnknownPortNamesItsLine() {
        MasterService service =
                parse("nowhere inet n - n - - smtpd").listeners(MAIN).getFirst();
        assertThatThrownBy(() -> service.port(MAIN)).hasMessageStartingWith("master.cf:1: \"nowhere\" is no port");
    }

    @Test
    void postscreenStandsForTheSmtpdBehindIt() {
        MasterCf master = parse("""
                smtp  inet n - y - 1 postscreen
                  -o postscreen_greet_action=enforce
                smtpd pass - - y - 40 smtpd
                  -o smtpd_helo_required=yes
                dnsblog  unix - - y - 0 dnsblog
                tlsproxy unix - - y - 0 tlsproxy
                """);
        MainCf seen = master.configure(MAIN, master.listeners(MAIN).getFirst());
        assertThat(master.hasPostscreen()).isTrue();
        assertThat(master.listeners(MAIN).getFirst().processLimit(MAIN)).isEqualTo(40);
        assertThat(master.warnings()).isEmpty();
        assertThat(seen.expand("$smtpd_helo_required $postscreen_greet_action")).isEqualTo("yes enforce");
    }

    @Test
    void aTransportOfYourOwnIsAClientWithItsOptions() {
        MasterCf master = parse("""
                slow unix - - n - 2 smtp
                  -o smtp_destination_rate_delay=1s
                """);
        assertThat(names(master.transports()))
                .as("and those of Debian's that the file does not name")
                .containsExactly("slow", "smtp", "relay", "error", "retry", "discard", "lmtp");
        assertThat(master.transports().getFirst().processLimit(MAIN)).isEqualTo(2);
        assertThat(parse("any unix - - n - 0 smtp").transports().getFirst().processLimit(MAIN))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void whatIsNotReadIsNamedWithFileAndLine() {
        assertThat(parse("""
                        pickup unix n - y 60 1 pickup
                          -o content_filter=x
                        policy unix - n n - 0 spawn user=nobody argv=/usr/bin/policyd
                        628 inet n - y - - qmqpd
                        smtp inet n - y - - smtpd -v
                        """).warnings())
                .containsExactly(
                        "master.cf:1: pickup unix (pickup): its arguments are not read: -o content_filter=x",
                        "master.cf:3: policy unix (spawn) is not here: the line has no effect",
                        "master.cf:4: 628 inet (qmqpd) is not here: the line has no effect",
                        "master.cf:5: smtp inet (smtpd): -v is not read");
    }

    @Test
    void ofTwoLinesForOneServiceTheLastCounts() {
        MasterCf master = parse("smtp inet n - y - 1 smtpd\nsmtp inet n - y - 2 smtpd\n");
        assertThat(master.listeners(MAIN)).hasSize(1);
        assertThat(master.listeners(MAIN).getFirst().maxproc()).isEqualTo(2);
        assertThat(master.warnings())
                .containsExactly("master.cf:2: duplicate master.cf entry for service \"smtp\" (master.cf:1)"
                        + " -- using the last entry");
    }

    @Test
    void listenersCanBeTurnedOffInMainCf() {
        MasterCf master = parse("smtp inet n - y - - smtpd\n587 inet n - y - - smtpd\n");
        MainCf none = MAIN.with(Map.of("master_service_disable", "inet"), "test");
        MainCf one = MAIN.with(Map.of("master_service_disable", "!587/inet inet"), "test");
        assertThat(master.listeners(none)).isEmpty();
        assertThat(names(master.listeners(one))).containsExactly("587");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            smtp inet n - y - smtpd                    | bad field count
            smtp inet x - y - - smtpd                  | invalid private field "x"
            smtp ine n - y - - smtpd                   | invalid type field "ine"
            smtp inet n - y a - smtpd                  | invalid wakeup field "a"
            smtp inet n - y - -1 smtpd                 | invalid process_limit field "-1"
            smtp inet n - y - - smtpd -o a = b         | -o a: an option is -o name=value without spaces, or -o { name = value }
            smtp inet n - y - - smtpd -o               | -o has no name=value
            smtp inet n - y - - smtpd -o a=b c         | unexpected argument "c"
            smtp inet n - y - - smtpd -o {a=b          | "}" is missing
            """)
    void brokenLinesAreNamed(String line, String message) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("master.cf:1: " + message);
    }
}
