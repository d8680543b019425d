package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordSchemeTest {
    private static final byte[] SALT = new byte[16];

    /// Made by crypt(3), Python's hashlib and the argon2 command.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{PLAIN}Grüße pass",
                "{CLEARTEXT}Grüße pass",
                "{SSHA}V+lFx2z6jTZxOSyC/kG6njqtqMoxMjM0NTY3OA==",
                "{SSHA256}XwtkZsvIvSUt7fUJJbUhmUMyYfSHrZSFoCMEaBBLH18xMjM0NTY3OA==",
                "{SSHA512}FITwdwXjXG4dp12Dqhvold0FcfXYV1Fme95KEwm0XFrY0/rrjHONxnRQpQiTDvEp0jwvsel1I7n+7i3jNdnRdjEyMzQ1Njc4",
                "{SHA512-CRYPT}$6$abcdefgh$Ju5r/W31jqNNCC54G5xTAPgcLa.m/tRFkt0Oyg4W0Xlddy64vG0C08Fp8TNWMztpBmbkI.J5TundkZhcbBi831",
                "{SHA512-CRYPT}$6$rounds=10000$saltsalt$YVbpRYEOY0/OVhtNh/B3nErwyCfz9wXrDsr45UzTuMEv/DWyWIdA1yoQ1rEIxXQlir9TI3lVQLWeLUmPWSu3L1",
                "{sha256-crypt}$5$abcdefgh$LMM6.usc/CzHkRdfVZvywbFWhaJAsIyXWMIMAW5QSH/",
                "{MD5-CRYPT}$1$abcdefgh$cBQx8NGgViuo6iY9oyP4s/",
                "{BLF-CRYPT}$2y$05$abcdefghijklmnopqrstuuFKE9c0hhR9GG6mjLL.tiEalrY6ZJiKC",
                "{CRYPT}$2y$05$abcdefghijklmnopqrstuuFKE9c0hhR9GG6mjLL.tiEalrY6ZJiKC",
                "$6$abcdefgh$Ju5r/W31jqNNCC54G5xTAPgcLa.m/tRFkt0Oyg4W0Xlddy64vG0C08Fp8TNWMztpBmbkI.J5TundkZhcbBi831",
                "{PBKDF2}$1$NaCl$5000$41705ae235ca0b7d444cdcb155898a9d3f7e90ad",
                "{ARGON2ID}$argon2id$v=19$m=256,t=2,p=1$c2FsdHNhbHQ$glddgR2aHdZxM2OjJ4nf9ev99XlBLA4PjRfS68Y6lX0",
                "{ARGON2I}$argon2i$v=19$m=256,t=3,p=1$c2FsdHNhbHQ$YFVjkdct/RThLv58uvHTcfvB6HJLE796hr5O3Uqofxc",
                "{SCRAM-SHA-256}4096,MDEyMzQ1Njc4OWFiY2RlZg==,XROrPrD+Z180e35vYp0Jhj+ibFrp8QNm8eUA2oNvp1k=,1Ne/huBNLjILTMkt6HUzemv9sN5LgmsBlRu18zKfZaE="
            })
    void acceptsTheRightPasswordAndNoOther(String stored) {
        StoredPassword password = PasswordScheme.parse(stored, SALT);
        byte[] right = "Grüße pass".getBytes(StandardCharsets.UTF_8);

        assertThat(password.matches(right)).isTrue();
        assertThat(right)
                .as("the password given is left as it was")
                .isEqualTo("Grüße pass".getBytes(StandardCharsets.UTF_8));
        assertThat(password.matches("Grüße pasS".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(password.matches("G".getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{PLAIN}",
                "{SSHA}%%%",
                "{SSHA}V+lFx2z6jTZxOSyC/kG6njqtqMo=",
                "{SHA512-CRYPT}$5$abcdefgh$LMM6.usc/CzHkRdfVZvywbFWhaJAsIyXWMIMAW5QSH/",
                "{SHA512-CRYPT}$6$rounds=99999999$saltsalt$YVbpRYEOY0/OVhtNh/B3nErwyCfz9wXrDsr45UzTuMEv",
                "{BLF-CRYPT}$2y$31$abcdefghijklmnopqrstuuFKE9c0hhR9GG6mjLL.tiEalrY6ZJiKC",
                "{BLF-CRYPT}$2y$05$short",
                "{PBKDF2}$1$NaCl$99999999$41705ae235ca0b7d444cdcb155898a9d3f7e90ad",
                "{PBKDF2}$2$NaCl$5000$41705ae235ca0b7d444cdcb155898a9d3f7e90ad",
                "{ARGON2ID}$argon2id$v=19$m=9999999,t=2,p=1$c2FsdHNhbHQ$glddgR2aHdZxM2OjJ4nf9ev99XlBLA4PjRfS68Y6lX0",
                "{ARGON2ID}$argon2id$v=19$m=256,t=2,p=4$c2FsdHNhbHQ$glddgR2aHdZxM2OjJ4nf9ev99XlBLA4PjRfS68Y6lX0",
                "{SCRAM-SHA-256}1,MDEyMzQ1Njc4OWFiY2RlZg==,XROrPrD+Z180e35vYp0Jhj+ibFrp8QNm8eUA2oNvp1k=,1Ne/huBNLjILTMkt6HUzemv9sN5LgmsBlRu18zKfZaE=",
                "{SCRAM-SHA-256}4096,MDEyMzQ1Njc4OWFiY2RlZg==",
                "{PLAIN",
                "secret"
            })
    void refusesWhatItCannotCheckInBoundedTimeAndMemory(String stored) {
        assertThatThrownBy(() -> PasswordScheme.parse(stored, SALT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesTheSchemesItKnowsWhenItDoesNotKnowOne() {
        assertThatThrownBy(() -> PasswordScheme.parse("{NTLM}abc", SALT))
                .hasMessageContaining("{NTLM} is not a known scheme")
                .hasMessageContaining("SHA512-CRYPT")
                .hasMessageContaining("SCRAM-SHA-256");
    }

    @Test
    void keepsKeysForScramWhereThePasswordOrTheKeysAreStored() {
        assertThat(PasswordScheme.parse("{PLAIN}x", SALT).scramKeys()).isNotNull();
        assertThat(PasswordScheme.parse("{MD5-CRYPT}$1$abcdefgh$cBQx8NGgViuo6iY9oyP4s/", SALT)
                        .scramKeys())
                .isNull();
    }
}
