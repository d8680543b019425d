package postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import postern.config.ParameterRow.Effect;

/// `parameters.tsv` against what Debian's Postfix prints.
class ParameterTableTest {
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
    void everyOtherRowIsOursOrAFamilyOrAnOldName() throws IOException {
        Map<String, String> golden = golden();
        List<String> others = Parameters.rows().keySet().stream()
                .filter(name -> !golden.containsKey(name))
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
