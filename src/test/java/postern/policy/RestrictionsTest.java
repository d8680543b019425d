package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the dialogues with Postfix do not show.
class RestrictionsTest {
    @Test
    void permitsClientsThatAreThisHost() {
        RestrictionLists policy = Setting.guide()
                .add("inet_interfaces = 203.0.113.5")
                .add("mynetworks =")
                .add("smtpd_relay_restrictions = permit_inet_interfaces, reject_unauth_destination")
                .policy();

        assertThat(answer(policy, Request.to("u@elsewhere.example").client("203.0.113.5")))
                .isEqualTo("accept");
        assertThat(answer(policy, Request.to("u@elsewhere.example").client("203.0.113.6")))
                .startsWith("554 5.7.1");
    }

    @Test
    void refusesImproperPipelining() {
        RestrictionLists policy = Setting.guide()
                .add("smtpd_data_restrictions = reject_unauth_pipelining")
                .policy();
        Request request = Request.to("u@example.com");
        assertThat(policy.data(request)).isEqualTo(Verdict.ACCEPT);
        request.unauthorizedPipelining = true;

        assertThat(Setting.reply(policy.data(request)))
                .isEqualTo("503 5.5.0 <DATA>: Data command rejected: Improper use of SMTP command pipelining");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown_helo_hostname_tempfail_action = defer", "reject_tempfail_action = defer"})
    void defersAtOnceWhereToldSo(String setting) {
        RestrictionLists policy = Setting.guide()
                .add(setting)
                .add("smtpd_helo_restrictions = reject_unknown_helo_hostname, reject")
                .add("dns broken.example. SERVFAIL")
                .policy();
        Request request = Request.to("u@example.com");
        request.helo = "broken.example";

        assertThat(answer(policy, request))
                .isEqualTo("450 4.7.1 <broken.example>: Helo command rejected: Host not found");
    }

    @Test
    void refusesForGoodOnlyWhatIsKnown() {
        Setting setting = Setting.guide()
                .add("unknown_address_reject_code = 550")
                .add("unknown_hostname_reject_code = 550")
                .add("smtpd_helo_restrictions = reject_unknown_helo_hostname")
                .add("smtpd_sender_restrictions = reject_unknown_sender_domain")
                .add("dns broken.example. SERVFAIL")
                .add("dns there.example. A 192.0.2.1");
        RestrictionLists policy = setting.policy();
        Request request = Request.to("u@example.com").from("a@there.example");
        request.helo = "nowhere.example";
        assertThat(answer(policy, request)).startsWith("550 5.7.1 <nowhere.example>");
        request.helo = "broken.example";
        assertThat(answer(policy, request)).startsWith("450 4.7.1 <broken.example>");
        request.helo = "there.example";
        assertThat(answer(policy, request.from("a@nowhere.example"))).startsWith("550 5.1.8 <a@nowhere.example>");
        assertThat(answer(policy, request.from("a@broken.example"))).startsWith("450 4.1.8 <a@broken.example>");
    }

    @Test
    void looksAtAThousandHostsBehindANameOnlyInPart() {
        Setting setting = Setting.guide()
                .add("smtpd_sender_restrictions = check_sender_mx_access inline:{ { 192.0.2.66 = REJECT } }");
        for (int i = 0; i < 4000; i++) {
            setting.add("dns many.example. MX 10 mx" + i + ".many.example.");
        }

        assertThat(answer(setting.policy(), Request.to("u@example.com").from("a@many.example")))
                .isEqualTo("accept");
        assertThat(setting.resolver.asked()).hasSizeLessThan(250);
    }

    /// A zone that could not be asked is not a name without servers: the zones above it say nothing of it.
    @Test
    void aZoneWhoseServersCannotBeAskedIsWarnedAboutAndNotJudgedByTheOneAbove() {
        Setting setting = Setting.guide()
                .add("smtpd_sender_restrictions = check_sender_ns_access inline:{ { ns.example = REJECT } }")
                .add("dns zone.example. NS ns.example.")
                .add("dns broken.zone.example. NS SERVFAIL");

        assertThat(answer(setting.policy(), Request.to("u@example.com").from("a@x.broken.zone.example")))
                .isEqualTo("accept");
        assertThat(setting.log)
                .filteredOn(line -> line.contains("Unable to look up"))
                .singleElement()
                .isEqualTo("warning: Unable to look up NS host for broken.zone.example: SERVFAIL");
        assertThat(setting.resolver.asked()).doesNotContain("NS zone.example");
        assertThat(answer(setting.policy(), Request.to("u@example.com").from("a@x.zone.example")))
                .startsWith("554 5.7.1 <a@x.zone.example>: Sender address rejected");
    }

    /// A table that could not be asked refuses for now, whatever the kind of server.
    @Test
    void aTableThatFailsForANameServerIsNoPermission() {
        Setting setting = Setting.guide()
                .add("smtpd_sender_restrictions = check_sender_ns_access socketmap:inet:127.0.0.1:1:x")
                .add("dns zone.example. NS ns.example.");

        assertThat(answer(setting.policy(), Request.to("u@example.com").from("a@zone.example")))
                .isEqualTo("451 4.3.5 <a@zone.example>: Sender address rejected: Server configuration error");
    }

    private static String answer(RestrictionLists policy, Request request) {
        return Setting.reply(policy.rcpt(request));
    }
}
