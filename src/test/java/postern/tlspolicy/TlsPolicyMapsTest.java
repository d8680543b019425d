package postern.tlspolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.net.Trust;

class TlsPolicyMapsTest {
    @TempDir
    Path directory;

    private TlsPolicyMaps maps(Map<String, String> settings) {
        MainCf main = MainCf.of(directory, settings);
        return new TlsPolicyMaps(main, new Tables(TableContext.of(main)));
    }

    private TlsPolicyMaps table(String level, String... lines) throws Exception {
        Files.writeString(directory.resolve("tls_policy"), String.join("\n", lines) + "\n");
        return maps(Map.of(
                "smtp_tls_security_level", level, "smtp_tls_policy_maps", "hash:" + directory.resolve("tls_policy")));
    }

    private TlsLevel level(Map<String, String> settings) throws PolicyProblem {
        return maps(settings).of("example.com").level();
    }

    @Test
    void theDefaultLevelIsThatOfMainCf() throws Exception {
        assertThat(level(Map.of())).isEqualTo(TlsLevel.NONE);
        assertThat(level(Map.of("smtp_use_tls", "yes"))).isEqualTo(TlsLevel.MAY);
        assertThat(level(Map.of("smtp_enforce_tls", "yes"))).isEqualTo(TlsLevel.VERIFY);
        assertThat(level(Map.of("smtp_enforce_tls", "yes", "smtp_tls_enforce_peername", "no")))
                .isEqualTo(TlsLevel.ENCRYPT);
        assertThat(level(Map.of("smtp_tls_security_level", "secure", "smtp_use_tls", "yes")))
                .isEqualTo(TlsLevel.SECURE);
        assertThat(maps(Map.of("smtp_tls_security_level", "secure"))
                        .of("x.example")
                        .match())
                .containsExactly("nexthop", "dot-nexthop");
        assertThat(maps(Map.of("smtp_tls_security_level", "verify"))
                        .of("x.example")
                        .match())
                .containsExactly("hostname");
    }

    @Test
    void aNextHopIsLookedUpAsItStandsAndADomainByItsParentsToo() throws Exception {
        TlsPolicyMaps maps = table(
                "may",
                "example.com          encrypt",
                ".example.com         none",
                "[mx.example]:587     secure match=mx.example:.example protocols=>=TLSv1.3 ciphers=high servername=hostname",
                ".example             fingerprint match=AA:BB|CC:DD match=EE");
        assertThat(maps.of("Example.com").level()).isEqualTo(TlsLevel.ENCRYPT);
        assertThat(maps.of("a.b.example.com").level()).isEqualTo(TlsLevel.NONE);
        assertThat(maps.of("other.net").level()).isEqualTo(TlsLevel.MAY);
        TlsPolicy explicit = maps.of("[mx.example]:587");
        assertThat(explicit.level()).isEqualTo(TlsLevel.SECURE);
        assertThat(explicit.match()).containsExactly("mx.example", ".example");
        assertThat(explicit.protocols().enabled()).containsExactly("TLSv1.3");
        assertThat(explicit.serverName()).isEqualTo("hostname");
        assertThat(maps.of("[mx.example]").level())
                .as("brackets and ports are part of the key, and have no parents")
                .isEqualTo(TlsLevel.MAY);
        assertThat(maps.of("mx.example:25").level()).isEqualTo(TlsLevel.MAY);
        assertThat(maps.of("mx.example").match()).containsExactly("AA:BB", "CC:DD", "EE");
    }

    /// An entry that cannot be used never means less than it says: mail waits.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dane",
                "dane-only",
                "sometimes",
                "none match=x",
                "may match=x",
                "encrypt match=x.example",
                "fingerprint",
                "secure match",
                "secure match=",
                "secure tafile=/x",
                "encrypt protocols=SSLv3",
                "encrypt protocols=TLSv9"
            })
    void anEntryThatCannotBeUsedIsAProblem(String entry) throws Exception {
        TlsPolicyMaps maps = table("may", "x.example " + entry);
        assertThatThrownBy(() -> maps.of("x.example"))
                .isInstanceOf(PolicyProblem.class)
                .hasMessageContaining("x.example");
    }

    @Test
    void aTableThatCannotBeAskedIsAProblem() {
        TlsPolicyMaps maps = maps(Map.of("smtp_tls_policy_maps", "fail:broken"));
        assertThatThrownBy(() -> maps.of("x.example")).isInstanceOf(PolicyProblem.class);
    }

    @Test
    void settingsThatCannotBeUsedRefuseStart() {
        for (Map<String, String> wrong : List.of(
                Map.of("smtp_tls_security_level", "dane"),
                Map.of("smtp_tls_security_level", "dane-only"),
                Map.of("smtp_tls_security_level", "fingerprint"),
                Map.of("smtp_tls_security_level", "yes"),
                Map.of("smtp_tls_protocols", "TLSv1"),
                Map.of("smtp_tls_mandatory_protocols", "what"))) {
            assertThatThrownBy(() -> maps(new HashMap<>(wrong)))
                    .as(wrong.toString())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(wrong.keySet().iterator().next());
        }
    }

    @Test
    void withoutAuthoritiesNobodyIsTrustedAndNamesAreFilledIn() throws Exception {
        MainCf main = MainCf.of(directory, Map.of("smtp_tls_security_level", "secure"));
        ClientContexts contexts = new ClientContexts(main, Runnable::run);
        TlsPolicy secure = new TlsPolicyMaps(main, new Tables(TableContext.of(main))).of("x.example");
        assertThat(contexts.settings(secure, "x.example", "mx.x.example").trust(List.of()))
                .isEqualTo(Trust.UNTRUSTED);
        assertThat(contexts.settings(secure.at(TlsLevel.MAY), "x.example", "mx.x.example")
                        .trust(List.of()))
                .isEqualTo(Trust.UNTRUSTED);
    }
}
