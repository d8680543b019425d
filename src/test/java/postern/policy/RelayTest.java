package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may relay through the guide's server, and as whom.
class RelayTest {
    private final RestrictionLists policy = Setting.guide().policy();

    @ParameterizedTest
    @ValueSource(strings = {"192.168.2.3", "127.0.0.1", "::1", "::ffff:192.168.2.3"})
    void relaysForMynetworksAsAnyone(String client) {
        assertThat(answer(
                        policy, Request.to("u@elsewhere.example").client(client).from("any@one.example")))
                .isEqualTo("accept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.1", "192.168.3.3", "2001:db8::1", "::ffff:198.51.100.1", "::c0a8:203"})
    void relaysForNoOneElse(String client) {
        assertThat(answer(policy, Request.to("u@elsewhere.example").client(client)))
                .isEqualTo("454 4.7.1 <u@elsewhere.example>: Relay access denied");
        assertThat(answer(policy, Request.to("u@example.com").client(client))).isEqualTo("accept");
    }

    @Test
    void relaysForNoOneOverAUnixSocket() {
        Request request = Request.to("u@elsewhere.example");
        request.clientAddress = null;

        assertThat(answer(policy, request)).startsWith("454 4.7.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "u@elsewhere.example@example.com",
                "u%elsewhere.example@example.com",
                "elsewhere.example!u@example.com",
                "u@example.com.elsewhere.example",
                "u@example.com@elsewhere.example",
                "u@xexample.com"
            })
    void isNotTalkedIntoRelayingByTheAddress(String recipient) {
        assertThat(answer(policy, Request.to(recipient)))
                .startsWith("454 4.7.1")
                .endsWith("Relay access denied");
    }

    @ParameterizedTest
    @CsvSource(
            emptyValue = "",
            value = {
                "u@example.com, accept",
                "u@EXAMPLE.com, accept",
                "'', accept",
                "SRS0=HHHH=TT=elsewhere.example=u@example.com, accept",
                "SRS1=HHHH=x.example==HHHH=TT=y.example=u@example.com, accept",
                "u@sub.example.com, refused",
                "u@elsewhere.example, refused",
                "SRS0=HHHH=TT=example.com=u@elsewhere.example, refused",
                "unqualified, refused"
            })
    void letsALoginSendAsItsOwnDomainOnly(String sender, String expected) {
        Request request =
                Request.to("u@elsewhere.example").login("home@example.com").from(sender);

        assertThat(answer(policy, request))
                .isEqualTo(
                        expected.equals("accept")
                                ? "accept"
                                : "553 5.7.1 <" + sender
                                        + ">: Sender address rejected: not owned by user home@example.com");
    }

    @Test
    void letsALoginSendAsWhatTheMapsGiveIt() {
        RestrictionLists mapped = Setting.guide()
                .add(
                        "smtpd_sender_login_maps = inline:{ { @second.example = other@x.example, home@example.com } { u@third.example = else@example.com } }")
                .policy();
        Request request = Request.to("u@elsewhere.example").login("home@example.com");

        assertThat(answer(mapped, request.from("any@second.example"))).isEqualTo("accept");
        assertThat(answer(mapped, request.from("u@example.com"))).isEqualTo("accept");
        assertThat(answer(mapped, request.from("u@third.example"))).startsWith("553 5.7.1");
    }

    @Test
    void doesNotSayNoWhenTheMapsCannotBeAsked() {
        RestrictionLists mapped =
                Setting.guide().add("smtpd_sender_login_maps = fail:maps").policy();

        assertThat(answer(
                        mapped,
                        Request.to("u@example.com").login("home@example.com").from("u@third.example")))
                .isEqualTo("451 4.3.0 <u@third.example>: Temporary lookup failure");
    }

    @Test
    void letsMynetworksSendAsOurDomainsOnlyWhenToldSo() {
        RestrictionLists own =
                Setting.guide().add("postern_relay_senders = own").policy();
        Request request = Request.to("u@elsewhere.example").client("192.168.2.3");

        assertThat(answer(own, request.from("u@example.com"))).isEqualTo("accept");
        assertThat(answer(own, request.from(""))).isEqualTo("accept");
        assertThat(answer(own, request.from("any@one.example")))
                .isEqualTo("553 5.7.1 <any@one.example>: Sender address rejected: not owned by client 192.168.2.3");
        assertThat(answer(own, Request.to("u@example.com").from("any@one.example")))
                .as("mail from strangers to us is another matter")
                .isEqualTo("accept");
    }

    @Test
    void saysAtTheStartWhoMaySendAsWhom() {
        assertThat(policy.whoMaySendAsWhom())
                .isEqualTo(
                        "who may send as whom: clients in mynetworks (127.0.0.0/8 [::ffff:127.0.0.0]/104"
                                + " [::1]/128 192.168.2.0/24) send as any address; logins send as addresses of their own domain");
    }

    /// RFC 5321 §4.5.1: postmaster is always there.
    @Test
    void takesMailForABarePostmasterFromAnyone() {
        RestrictionLists strict =
                Setting.guide().add("smtpd_client_restrictions = reject").policy();

        assertThat(answer(strict, Request.to("Postmaster"))).isEqualTo("accept");
        assertThat(answer(strict, Request.to("postmaster@example.com"))).startsWith("554");
    }

    private static String answer(RestrictionLists policy, Request request) {
        return Setting.reply(policy.rcpt(request));
    }
}
