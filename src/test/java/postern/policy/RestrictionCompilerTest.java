package postern.policy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.ConfigException;

class RestrictionCompilerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reject_everything_bad | unknown smtpd restriction: \"reject_everything_bad\"",
                "check_client_access | check_client_access needs a type:table behind it",
                "check_client_access, permit | check_client_access needs a type:table behind it, not \"permit\"",
                "check_client_access nosuch:/x | unsupported table type",
                "reject_rbl_client | reject_rbl_client needs the domain of a list in DNS behind it",
                "reject_rbl_client a.example=127.0.0.[2..1] | is not a filter",
                "reject_rbl_client 127.0.0.1 | is not the domain of a list",
                "warn_if_reject | warn_if_reject needs a restriction behind it",
                "check_policy_service 10023 | is not a policy server",
                "check_policy_service { inet:127.0.0.1:1, colour=red } | is not name=value",
                "check_policy_service { inet:127.0.0.1:1, timeout=soon } | is not a time",
                "permit_mx_backup | permit_mx_backup is not possible here",
                "check_sender_ns_access | check_sender_ns_access needs a type:table behind it",
                "reject_unverified_recipient | addresses cannot be verified here",
                "sleep soon | is not a time",
                "circle | stands in itself",
                "undefined | needs a definition"
            })
    void refusesToStartNamingWhereAndWhat(String restrictions, String message) {
        Setting setting = Setting.guide()
                .add("smtpd_restriction_classes = circle, second, undefined")
                .add("circle = permit_mynetworks, second")
                .add("second = circle")
                .add("smtpd_sender_restrictions = " + restrictions);

        assertThatThrownBy(setting::policy)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("given: smtpd_sender_restrictions: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permit_mynetworks, permit_sasl_authenticated",
                "permit_mynetworks, permit, reject_unauth_destination",
                "warn_if_reject reject_unauth_destination",
                ""
            })
    void refusesToStartAsAnOpenRelay(String restrictions) {
        Setting setting = Setting.guide().add("smtpd_relay_restrictions = " + restrictions);

        assertThatThrownBy(setting::policy)
                .hasMessageContaining(
                        "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: reject_unauth_destination, defer_unauth_destination");
    }

    @Test
    void findsTheGuardAgainstRelayingInEitherListOrAClass() {
        assertThatCode(Setting.guide()
                        .add("smtpd_relay_restrictions =")
                        .add("smtpd_recipient_restrictions = permit_mynetworks, closed")
                        .add("smtpd_restriction_classes = closed")
                        .add("closed = reject_unauth_destination")::policy)
                .doesNotThrowAnyException();
    }

    /// The lists of a docker-mailserver with all it can be told to check.
    @Test
    void compilesTheListsOfAMailServer() {
        Setting setting = Setting.guide()
                .add("dms = permit_sasl_authenticated, permit_mynetworks, reject_unknown_sender_domain")
                .add("smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname, permit")
                .add(
                        "smtpd_recipient_restrictions = check_recipient_access inline:{ a=REJECT }, permit_sasl_authenticated, permit_mynetworks, reject_unauth_destination, check_policy_service unix:private/policyd-spf, reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname, reject_unknown_recipient_domain, check_policy_service inet:localhost:65265, check_policy_service inet:127.0.0.1:10023")
                .add(
                        "smtpd_client_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination")
                .add(
                        "smtpd_sender_restrictions = reject_authenticated_sender_login_mismatch, permit_sasl_authenticated, permit_mynetworks, reject_unknown_sender_domain, reject_unknown_client_hostname")
                .add(
                        "smtpd_data_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_pipelining");

        assertThatCode(setting::policy).doesNotThrowAnyException();
    }
}
