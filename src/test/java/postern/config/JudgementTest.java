package postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgementTest {
    @TempDir
    Path directory;

    private Judgement judge(String main) throws IOException {
        return judge(main, "smtp inet n - y - - smtpd\n");
    }

    private Judgement judge(String main, String master) throws IOException {
        Files.writeString(directory.resolve("main.cf"), main, StandardCharsets.UTF_8);
        return Judgement.of(
                MainCf.load(directory), MasterCf.parse("master.cf", master.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theGuidesFilesAreAcceptedWithoutAWord() {
        Path guide = Path.of("conf/public");
        Judgement judgement = Judgement.of(MainCf.load(guide), MasterCf.load(guide));
        assertThat(judgement.warnings()).isEmpty();
        assertThat(judgement.refusals()).isEmpty();
    }

    @Test
    void aGuardThatIsNotBuiltRefusesStartByFileLineAndName() throws IOException {
        Judgement judgement = judge("biff = yes\nsmtpd_proxy_filter = [127.0.0.1]:10025\nbest_mx_transport = local\n");
        assertThat(judgement.refusals())
                .containsExactly(
                        "main.cf:2: smtpd_proxy_filter = [127.0.0.1]:10025: mail would pass the filter by:"
                                + " before-queue filters are not built",
                        "main.cf:3: best_mx_transport = local: it decides where mail goes");
        assertThatThrownBy(judgement::orRefuse)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("main.cf:2: ")
                .hasMessageContaining("\nmain.cf:3: ");
    }

    @Test
    void aNameThatStandsForNothingIsWarnedOf() throws IOException {
        Judgement judgement =
                judge("""
                relay_domains = $mydestinaton, ${nobody}, $mydomain
                mine = x
                mydestination = $mine, ${nothing?{x}}, $$literal
                """, "smtp inet n - y - - smtpd\n  -o smtpd_client_restrictions=$mua_client_restrictions\n");
        assertThat(judgement.warnings())
                .containsExactly(
                        "main.cf:1: relay_domains: undefined parameter: mydestinaton (is mydestination meant?)",
                        "main.cf:1: relay_domains: undefined parameter: nobody",
                        "master.cf:1: smtpd_client_restrictions: undefined parameter: mua_client_restrictions");
    }

    @Test
    void whatOnlyHasNoEffectIsWarnedOf() throws IOException {
        Judgement judgement = judge("confirm_delay_cleared = yes\nslow_delivery_slot_loan = 2\nbiff = no\n");
        assertThat(judgement.refusals()).isEmpty();
        assertThat(judgement.warnings())
                .containsExactly(
                        "main.cf:1: confirm_delay_cleared = yes: no notice says that delayed mail has left after all",
                        "main.cf:2: slow_delivery_slot_loan = 2: a letter overtakes a mailing by"
                                + " slow_delivery_slot_cost alone");
    }

    @Test
    void theDefaultInOtherWordsIsNoMatter() throws IOException {
        Judgement judgement = judge("""
                content_filter =
                confirm_delay_cleared = No
                notify_classes = resource,software
                smtp_destination_rate_delay = 0
                mime_header_checks = $header_checks
                header_checks =
                postscreen_greet_action = ignore
                """);
        assertThat(judgement.refusals()).isEmpty();
        assertThat(judgement.warnings()).isEmpty();
    }

    @Test
    void anUnusedNameIsWarnedOfWithTheOneThatMayBeMeant() throws IOException {
        assertThat(judge("foo = bar\nsmtpd_timout = 5\nsmtpd_relay_restrictoins = permit\n")
                        .warnings())
                .containsExactly(
                        "main.cf:1: unused parameter: foo=bar",
                        "main.cf:2: unused parameter: smtpd_timout=5 (is smtpd_timeout meant?)",
                        "main.cf:3: unused parameter: smtpd_relay_restrictoins=permit"
                                + " (is smtpd_relay_restrictions meant?)");
    }

    @Test
    void namesOfYourOwnAreFineWhenSomethingUsesThem() throws IOException {
        String main = """
                relay_host = [192.0.2.1]
                relayhost = ${relay_host}
                mua_client = permit
                smtpd_restriction_classes = picky, lax
                picky = reject
                lax = permit
                fallback_relay = [192.0.2.2]
                """;
        String master = "submission inet n - y - - smtpd\n  -o smtpd_client_restrictions=$mua_client\n";
        assertThat(judge(main, master).warnings()).noneMatch(warning -> warning.contains("unused"));
    }

    @Test
    void optionsOfMasterCfAreJudgedToo() throws IOException {
        Judgement judgement = judge(
                "smtpd_proxy_filter =\n", "smtp inet n - y - - smtpd\n  -o smtpd_proxy_filter=[::1]:26 -o typo=1\n");
        assertThat(judgement.refusals()).singleElement().asString().startsWith("master.cf:1: smtpd_proxy_filter");
        assertThat(judgement.warnings()).containsExactly("master.cf:1: unused parameter: typo=1");
    }

    @Test
    void postscreensTestsRefuseStartOnlyWhereItListens() throws IOException {
        String main = "postscreen_greet_action = enforce\npostscreen_pipelining_enable = yes\n"
                + "postscreen_pipelining_action = drop\n";
        assertThat(judge(main).refusals()).isEmpty();
        List<String> refusals = judge(main, "smtp inet n - y - 1 postscreen\n").refusals();
        assertThat(refusals).hasSize(2);
        assertThat(refusals.getFirst())
                .isEqualTo("main.cf:1: postscreen_greet_action = enforce: this test of postscreen is not built;"
                        + " set it to ignore");
    }
}
