package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JailFileTest {
    @TempDir
    private Path directory;

    private DmsVolume volume;

    @BeforeEach
    void begin() {
        volume = new DmsVolume(directory);
    }

    private JailFile jail(String text) {
        volume.with(JailFile.NAME, text).set("ENABLE_FAIL2BAN", "1");
        Volume read = new Volume(volume.directory);
        Environment environment = Environment.of(read, Map.of("ENABLE_FAIL2BAN", "1"));
        Relays none = new Relays(Map.of(), Map.of(), List.of(), List.of());
        return JailFile.of(read, environment, none);
    }

    @Test
    void standardIsThatOfDms() {
        assertThat(jail("# nothing\n").settings())
                .isEqualTo(Map.of(
                        "postern_login_ban_time", "1w",
                        "postern_login_find_time", "1w",
                        "postern_login_failure_limit", "6",
                        "postern_login_ban_connections", "yes",
                        "postern_ban_time", "180d",
                        "postern_login_ban_exempt", ""));
    }

    @Test
    void sectionOfDovecotGoesBeforeTheDefault() {
        JailFile jail = jail("""
                [DEFAULT]
                bantime = 1234
                findtime = 321   ; five minutes
                maxretry = 2
                ignoreip = 127.0.0.1/8 192.0.2.17/24, 2001:db8::1 office.example.com
                banaction = nftables-multiport
                bantime.increment = true
                [dovecot]
                maxretry = 4
                [postfix]
                mode = extra
                ignoreip = 198.51.100.1
                [custom]
                bantime = -1
                """);

        assertThat(jail.settings())
                .containsEntry("postern_login_ban_time", "1234s")
                .containsEntry("postern_login_find_time", "321s")
                .containsEntry("postern_login_failure_limit", "4")
                .containsEntry("postern_ban_time", "36500d")
                .containsEntry(
                        "postern_login_ban_exempt", "127.0.0.0/8 192.0.2.0/24 [2001:db8::1]/128 198.51.100.1/32");
        assertThat(jail.warnings())
                .containsExactly(
                        "fail2ban-jail.cf:7: bantime.increment has no effect here",
                        "fail2ban-jail.cf:5: ignoreip: office.example.com is no network; names have no effect here");
    }

    /// As Python's configparser, which fail2ban reads with, has it.
    @Test
    void anIndentedLineGoesOnWithTheOptionBefore() {
        JailFile jail = jail("""
                [DEFAULT]
                  bantime: 2h
                  # nobody
                  ignoreip = 192.0.2.1   ; the office
                             198.51.100.0/24

                \t\t\t  # and home
                             2001:db8::1
                  maxretry = 3
                """);

        assertThat(jail.warnings()).isEmpty();
        assertThat(jail.settings())
                .containsEntry("postern_login_ban_time", "7200s")
                .containsEntry("postern_login_failure_limit", "3")
                .containsEntry("postern_login_ban_exempt", "192.0.2.1/32 198.51.100.0/24 [2001:db8::1]/128");
    }

    @ParameterizedTest
    @CsvSource({"600,600s", "10m,600s", "1h,3600s", "7d,604800s", "1w,604800s", "1d 12h,129600s", "1mo,2592000s"})
    void readsTimes(String text, String expected) {
        assertThat(jail("bantime = " + text + "\n").settings()).containsEntry("postern_login_ban_time", expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bantime = soon", "bantime = 3 moons", "bantime =", "maxretry = 0", "ignoreip = 192.0.2.1/99"})
    void namesTheLineThatCannotBeUsed(String line) {
        assertThatThrownBy(() -> jail("[DEFAULT]\n" + line + "\n")).hasMessageStartingWith("fail2ban-jail.cf:2: ");
    }

    @Test
    void jailsThatAreOffBanNobody() {
        assertThat(jail("[dovecot]\nenabled = false\n").settings()).containsEntry("postern_login_failure_limit", "6");
        assertThat(jail("[dovecot]\nenabled = false\n[postfix]\nenabled = no\n").settings())
                .containsEntry("postern_login_failure_limit", "0");
    }

    @Test
    void nextHopsAreNeverBanned() {
        volume.with("postfix-relaymap.cf", "@example.com [192.168.2.2]:25\n@example.org [relay.example.net]:587\n")
                .set("DEFAULT_RELAY_HOST", "[IPv6:2001:db8::25]:25")
                .with(JailFile.NAME, "[DEFAULT]\nbantime = nonsense\n");

        assertThat(volume.read().conf().text("postern_login_ban_exempt"))
                .contains("192.168.2.2/32")
                .contains("[2001:db8::25]/128");
    }
}
