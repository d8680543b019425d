package postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import postern.config.ParameterRow.Effect;

/// `parameters.tsv` against what Debian's Postfix prints.
class ParameterTableTest {
    /// Names of Postfix 3.8, 3.9 and 3.10, for configurations that come from there.
    private static final Set<String> LATER = Set.of(
            "allow_srv_lookup_fallback",
            "force_mime_input_conversion",
            "full_name_encoding_charset",
            "ignore_srv_lookup_error",
            "lmtp_tls_enable_rpk",
            "smtp_tls_enable_rpk",
            "smtp_tlsrpt_enable",
            "smtp_tlsrpt_skip_reused_handshakes",
            "smtp_tlsrpt_socket_name",
            "smtpd_client_ipv4_prefix_length",
            "smtpd_client_ipv6_prefix_length",
            "smtpd_hide_client_session",
            "smtpd_tls_enable_rpk",
            "tls_ffdhe_auto_groups",
            "tls_required_enable",
            "use_srv_lookup");

    private static Map<String, String> golden() throws IOException {
        Map<String, String> golden = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("src/test/golden/postconf-d.txt"))) {
            if (!line.startsWith("#")) {
                String[] sides = line.split(" =", 2);
                golden.put(sides[0], sides[1].strip());
            }
        }
        return golden;
    }

    @Test
    void everyNameOfPostfixHasARowWithPostfixsDefault() throws IOException {
        List<String> different = new ArrayList<>();
        golden().forEach((name, text) -> {
            ParameterRow row = Parameters.rows().get(name);
            if (row == null) {
                different.add(name + ": no row");
            } else if (!row.postfixDefault().equals(text)) {
                different.add(name + ": " + row.postfixDefault() + " is " + text + " in Postfix");
            }
        });
        assertThat(different).isEmpty();
    }

    /// An old name is one that a default of Postfix's falls back to: `smtp_fallback_relay = $fallback_relay`.
    @Test
    void everyOtherRowIsOursAFamilyOrAnotherVersions() throws IOException {
        Map<String, String> golden = golden();
        List<String> others = Parameters.rows().keySet().stream()
                .filter(name -> !golden.containsKey(name) && !LATER.contains(name))
                .filter(name -> !name.startsWith("postern_") && !name.startsWith(Parameters.FAMILY))
                .filter(name -> golden.values().stream().noneMatch(text -> text.contains("$" + name)))
                .toList();
        assertThat(others).isEmpty();
    }

    @Test
    void aDefaultThatDiffersSaysWhy() {
        assertThat(Parameters.rows().values())
                .filteredOn(row -> row.difference() != null)
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(row.postfixDefault()).isNotEqualTo(row.defaultText());
                    assertThat(row.difference()).isNotNull();
                    assertThat(row.difference().reason()).isNotBlank();
                });
    }

    @Test
    void theRowsStandInOrder() {
        assertThat(List.copyOf(Parameters.rows().keySet())).isSorted();
    }

    @Test
    void aTransportOfYourOwnHasTheRowsOfItsFamily() {
        ParameterRow row = Parameters.row("slow_lane_destination_concurrency_limit");
        assertThat(row).isNotNull();
        assertThat(row.defaultText()).isEqualTo("$default_destination_concurrency_limit");
        assertThat(Parameters.row("smtpd_timout")).isNull();
    }

    /// What guards something, and is not read, must not be passed over.
    @Test
    void noGuardIsWithoutEffectInSilence() {
        for (String name : List.of(
                "smtpd_milters",
                "content_filter",
                "smtpd_proxy_filter",
                "smtpd_recipient_restrictions",
                "mynetworks",
                "smtpd_tls_security_level",
                "smtp_tls_security_level",
                "smtp_tls_policy_maps",
                "transport_maps",
                "relay_domains",
                "relayhost",
                "body_checks",
                "postscreen_greet_action",
                "postscreen_dnsbl_action")) {
            assertThat(Parameters.rows().get(name).effect()).as(name).isIn(Effect.WORKS, Effect.REFUSES);
        }
    }
}
