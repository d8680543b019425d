package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class RateAnvilTest {
    private final InetAddress client = InetAddress.ofLiteral("192.0.2.1");
    private final InetAddress other = InetAddress.ofLiteral("192.0.2.2");

    @Test
    void allowsFiftyConnectionsAtATimeAndSaysHowPostfixRefuses() {
        Setting setting = Setting.guide();
        RateAnvil anvil = anvil(setting);
        for (int i = 0; i < 50; i++) {
            assertThat(anvil.connect(client)).isNull();
        }

        assertThat(anvil.connect(client))
                .hasToString("421 4.7.0 mail.example.com Error: too many connections from 192.0.2.1");
        assertThat(setting.log)
                .containsExactly(
                        "warning: Connection concurrency limit exceeded: 51 from unknown[192.0.2.1] for service smtp");
        assertThat(anvil.connect(other)).isNull();
        anvil.disconnect(client);
        anvil.disconnect(client);
        assertThat(anvil.connect(client)).isNull();
    }

    @Test
    void limitsRatesPerTimeUnit() {
        Setting setting = Setting.guide()
                .add("smtpd_client_connection_rate_limit = 2")
                .add("smtpd_client_message_rate_limit = 1")
                .add("smtpd_client_recipient_rate_limit = 1")
                .add("smtpd_client_new_tls_session_rate_limit = 1")
                .add("smtpd_client_auth_rate_limit = 1");
        RateAnvil anvil = anvil(setting);
        anvil.connect(client);
        anvil.connect(client);
        anvil.mail(client);
        anvil.rcpt(client);
        anvil.newTls(client);
        anvil.auth(client);

        assertThat(anvil.connect(client))
                .hasToString("421 4.7.0 mail.example.com Error: too many connections from 192.0.2.1");
        assertThat(anvil.mail(client)).hasToString("450 4.7.1 Error: too much mail from 192.0.2.1");
        assertThat(anvil.rcpt(client)).hasToString("450 4.7.1 Error: too many recipients from 192.0.2.1");
        assertThat(anvil.newTls(client)).hasToString("454 4.7.0 Error: too many new TLS sessions from 192.0.2.1");
        assertThat(anvil.auth(client)).hasToString("450 4.7.1 Error: too many AUTH commands from 192.0.2.1");
        assertThat(anvil.mail(other)).isNull();
        setting.now = setting.now.plusSeconds(60);
        assertThat(anvil.mail(client)).isNull();
        assertThat(setting.log)
                .contains("warning: Recipient address rate limit exceeded: 2 from unknown[192.0.2.1] for service smtp");
    }

    @Test
    void remembersARateAcrossConnections() {
        RateAnvil anvil = anvil(Setting.guide().add("smtpd_client_message_rate_limit = 1"));
        anvil.connect(client);
        assertThat(anvil.mail(client)).isNull();
        anvil.disconnect(client);
        anvil.connect(client);

        assertThat(anvil.mail(client)).isNotNull();
    }

    @Test
    void hasNoLimitForMynetworks() {
        RateAnvil anvil = anvil(Setting.guide()
                .add("smtpd_client_connection_count_limit = 1")
                .add("smtpd_client_message_rate_limit = 1"));
        InetAddress home = InetAddress.ofLiteral("192.168.2.3");
        for (int i = 0; i < 10; i++) {
            assertThat(anvil.connect(home)).isNull();
            assertThat(anvil.mail(home)).isNull();
        }
    }

    @Test
    void holdsBoundedMemoryUnderAFlood() {
        RateAnvil anvil = anvil(Setting.guide().add("smtpd_client_message_rate_limit = 1"));
        anvil.connect(client);
        anvil.mail(client);
        for (int i = 0; i < 3 * RateAnvil.ENTRIES; i++) {
            InetAddress one = InetAddress.ofLiteral("10." + i / 65536 + "." + i / 256 % 256 + "." + i % 256);
            anvil.connect(one);
            anvil.mail(one);
            anvil.disconnect(one);
        }

        assertThat(anvil.entries()).isEqualTo(RateAnvil.ENTRIES + 1);
        assertThat(anvil.mail(client))
                .as("one who is connected is not forgotten")
                .isNotNull();
    }

    @Test
    void countsANetworkAsOneClientWhereThePrefixSaysSo() {
        RateAnvil anvil = anvil(
                Setting.guide().add("smtpd_client_message_rate_limit = 1").add("smtpd_client_ipv6_prefix_length = 60"));
        anvil.mail(InetAddress.ofLiteral("2001:db8:0:11::1"));

        assertThat(anvil.mail(InetAddress.ofLiteral("2001:db8:0:1f::2"))).isNotNull();
        assertThat(anvil.mail(InetAddress.ofLiteral("2001:db8:0:21::2"))).isNull();
    }

    private static RateAnvil anvil(Setting setting) {
        return new RateAnvil(setting.tables(), () -> setting.now, "smtp");
    }
}
