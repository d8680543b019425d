package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.Trust;
import postern.smtp.Directive;

class PolicyServiceTest {
    private final FakePolicyServer server = new FakePolicyServer();

    @Test
    void tellsTheServerWhatPostfixTells() {
        Request request = Request.to("u@example.com").from("a@b.example").login("home@example.com");
        request.size = 1234;
        request.tls = new TlsFacts("TLSv1.3", "TLS_AES_256_GCM_SHA384", 256, List.of(), Trust.ANONYMOUS, "");
        request.sender = postern.address.Path.of(postern.address.Address.ofInternal("a@example.com"));
        policy("check_policy_service { inet:127.0.0.1:10023, policy_context=port25 }")
                .rcpt(request);

        assertThat(server.requests).containsExactly("""
                        request=smtpd_access_policy
                        protocol_state=RCPT
                        protocol_name=SMTP
                        client_address=198.51.100.1
                        client_name=client.example
                        client_port=40000
                        reverse_client_name=client.example
                        server_address=192.0.2.25
                        server_port=25
                        helo_name=client.example
                        sender=a@example.com
                        recipient=u@example.com
                        recipient_count=0
                        queue_id=
                        instance=1.2.3
                        size=1234
                        etrn_domain=
                        stress=
                        sasl_method=PLAIN
                        sasl_username=home@example.com
                        sasl_sender=
                        ccert_subject=
                        ccert_issuer=
                        ccert_fingerprint=
                        ccert_pubkey_fingerprint=
                        encryption_protocol=TLSv1.3
                        encryption_cipher=TLS_AES_256_GCM_SHA384
                        encryption_keysize=256
                        policy_context=port25

                        """);
    }

    @Test
    void doesWhatTheServerSays() {
        RestrictionLists policy = policy("check_policy_service inet:127.0.0.1:10023");
        server.answer = request -> "action=REJECT no thanks\n\n";
        assertThat(rcpt(policy)).isEqualTo("554 5.7.1 <u@example.com>: Recipient address rejected: no thanks");
        server.answer = request -> "action=DEFER_IF_PERMIT greylisted\n\n";
        assertThat(rcpt(policy)).isEqualTo("450 4.7.1 <u@example.com>: Recipient address rejected: greylisted");
        server.answer = request -> "other=1\naction=PREPEND X-Policy: seen\n\n";
        assertThat(policy.rcpt(Request.to("u@example.com")))
                .isEqualTo(new Verdict.Accept(List.of(new Directive.Prepend("X-Policy: seen"))));
    }

    @Test
    void usesOneConnectionAgainUntilItIsTooOld() {
        Setting setting = setting("check_policy_service { inet:127.0.0.1:10023, max_idle=10s, max_ttl=25s }");
        RestrictionLists policy = setting.policy();
        for (int i = 0; i < 5; i++) {
            rcpt(policy);
        }
        assertThat(server.dialled).hasSize(1);

        setting.now = setting.now.plus(Duration.ofSeconds(10));
        rcpt(policy);
        assertThat(server.dialled).as("idle for too long").hasSize(2);
        for (int i = 0; i < 3; i++) {
            setting.now = setting.now.plus(Duration.ofSeconds(9));
            rcpt(policy);
        }
        assertThat(server.dialled).as("used for too long").hasSize(3);
    }

    @Test
    void takesAnotherConnectionWhenTheServerHasClosedThisOne() {
        server.patience = 1;
        RestrictionLists policy = policy("check_policy_service inet:127.0.0.1:10023");

        assertThat(rcpt(policy)).isEqualTo("accept");
        assertThat(rcpt(policy)).isEqualTo("accept");
        assertThat(server.dialled).hasSize(2);
    }

    @Test
    void asksNoMoreOfAConnectionThanTheLimitSays() {
        RestrictionLists policy = policy("check_policy_service { inet:127.0.0.1:10023, request_limit=2 }");
        for (int i = 0; i < 6; i++) {
            rcpt(policy);
        }

        assertThat(server.dialled).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "nonsense\n\n", "action=DUNNO\n", "action=DUNNO", "a=b\n"})
    void takesTheDefaultActionForAnAnswerThatIsNone(String answer) {
        server.answer = request -> answer;
        Setting setting = setting("check_policy_service { inet:127.0.0.1:10023, retry_delay=0s }");

        assertThat(rcpt(setting.policy()))
                .isEqualTo("451 4.3.5 <u@example.com>: Recipient address rejected: Server configuration problem");
        assertThat(server.dialled).hasSize(2);
        assertThat(setting.log)
                .hasSize(2)
                .allMatch(line -> line.startsWith("warning: problem talking to server 127.0.0.1:10023: "));
    }

    @Test
    void takesItsOwnDefaultActionWhenTheServerIsNotThere() {
        assertThat(
                        rcpt(
                                policy(
                                        "check_policy_service { inet:127.0.0.1:1, try_limit=3, retry_delay=0s, { default_action = 450 4.7.0 come again } }")))
                .isEqualTo("450 4.7.0 <u@example.com>: Recipient address rejected: come again");
        assertThat(server.dialled).hasSize(3);
        assertThat(rcpt(policy("check_policy_service { inet:127.0.0.1:1, try_limit=1, default_action=DUNNO }")))
                .isEqualTo("accept");
    }

    @Test
    void readsNoMoreThanAnAnswerMayHave() {
        server.answer = request -> "a=b\n".repeat(100_000) + "action=OK\n\n";
        RestrictionLists policy = policy("check_policy_service { inet:127.0.0.1:10023, retry_delay=0s }");
        assertThat(rcpt(policy)).startsWith("451 4.3.5");
        server.answer = request -> "action=REJECT " + "x".repeat(100_000) + "\n\n";
        assertThat(rcpt(policy)).startsWith("451 4.3.5");
    }

    /// A hostile value stays one value: it cannot add attributes to the request.
    @Test
    void sendsHostileValuesOnOneLine() {
        Request request = Request.to("u@example.com");
        request.helo = "a\nsasl_username=root\n\n";
        policy("check_policy_service inet:127.0.0.1:10023").rcpt(request);

        assertThat(server.requests).singleElement().asString().contains("helo_name=a?sasl_username=root??\n");
    }

    @Test
    void findsTheServerByNameAddressOrPath() {
        Setting setting = setting(
                        "check_policy_service inet:localhost:10023, check_policy_service inet:policy.example:10024, check_policy_service inet:[::1]:10025, check_policy_service unix:private/policy")
                .add("dns policy.example. A 192.0.2.77")
                .add("queue_directory = /var/spool/postfix");
        rcpt(setting.policy());

        assertThat(server.dialled)
                .containsExactly(
                        Endpoint.of(InetAddress.ofLiteral("127.0.0.1"), 10023),
                        Endpoint.of(InetAddress.ofLiteral("192.0.2.77"), 10024),
                        Endpoint.of(InetAddress.ofLiteral("::1"), 10025),
                        Endpoint.unix("/var/spool/postfix/private/policy"));
    }

    @Test
    void namesTheStageAndCountsRecipientsOnceTheyAreAllThere() {
        Setting setting = Setting.guide()
                .add("smtpd_delay_reject = no")
                .add("smtpd_client_restrictions = check_policy_service inet:127.0.0.1:10023")
                .add("smtpd_helo_restrictions = check_policy_service inet:127.0.0.1:10023")
                .add("smtpd_end_of_data_restrictions = check_policy_service inet:127.0.0.1:10023");
        setting.dialer = server;
        RestrictionLists policy = setting.policy();
        Request request = Request.to("u@example.com");
        request.protocol = "ESMTP";
        request.recipientCount = 3;
        policy.connect(request);
        policy.helo(request);
        policy.endOfData(request);

        assertThat(server.requests.get(0)).contains("protocol_state=CONNECT\n", "recipient_count=0\n");
        assertThat(server.requests.get(1)).contains("protocol_state=EHLO\n");
        assertThat(server.requests.get(2)).contains("protocol_state=END-OF-MESSAGE\n", "recipient_count=3\n");
    }

    private Setting setting(String restrictions) {
        Setting setting = Setting.guide().add("smtpd_recipient_restrictions = " + restrictions);
        setting.dialer = server;
        return setting;
    }

    private RestrictionLists policy(String restrictions) {
        return setting(restrictions).policy();
    }

    private static String rcpt(RestrictionLists policy) {
        return Setting.reply(policy.rcpt(Request.to("u@example.com")));
    }
}
