package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;

/// Whatever stands in a file of the volume, it is read, or refused by file and line.
class DmsFuzz {
    private static final String[] FILES = {
        Accounts.FILE,
        Accounts.QUOTAS,
        Accounts.MASTERS,
        VirtualFile.NAME,
        LocalAliases.NAME,
        RelayMap.NAME,
        RelayPasswords.NAME,
        PostfixServices.FILE,
        Environment.ENV_FILE
    };

    @TempDir
    private static Path directory;

    @FuzzTest
    void aFileIsReadOrRefusedByItsLine(FuzzedDataProvider data) throws IOException {
        String file = data.pickValue(FILES);
        Path written = Files.write(directory.resolve(file), data.consumeRemainingAsBytes());
        Volume volume = new Volume(directory);
        try {
            Environment environment = Environment.of(volume, Map.of());
            VirtualFile virtual = VirtualFile.of(volume);
            Accounts accounts = Accounts.of(volume, environment, virtual);
            Relays.of(volume, environment, accounts, "");
            PostfixServices.of(volume, environment);
            LocalAliases.of(volume, "postmaster@example.com", false);
            assertThat(new Recipients(virtual, accounts, environment).expressions("/x/ y", "+"))
                    .contains("/x/ y");
            assertThat(Tables.users(accounts).lines().count())
                    .isEqualTo(accounts.logins().size());
        } catch (ConfigException e) {
            assertThat(e).message().contains(file + ":").doesNotContain("\0");
        } finally {
            Files.delete(written);
        }
    }

    /// A JSON text is read or refused, and never for anything but what it says.
    @FuzzTest
    void acmeJsonIsReadOrRefused(byte[] bytes) {
        try {
            AcmeJson.parse("acme.json", bytes).find(List.of("mail.example.com"), "*.example.com");
        } catch (ConfigException e) {
            assertThat(e).message().startsWith("acme.json");
        }
    }

    /// What is written between brackets is a relay or none; a list of relays is one of each.
    @FuzzTest
    void aRelayIsOneOrNone(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        boolean is = RelayMap.isHop(text);
        assertThat(RelayMap.isHop(text + "," + text)).isEqualTo(is);
    }
}
