package postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.address.Address;
import postern.config.ConfigException;
import postern.log.MailLog;

class SigningTablesFuzz {
    private static final Address AUTHOR = Address.ofInternal("a@example.com");

    @TempDir
    static Path directory;

    /// Whatever stands in the files, they are read or refused with a line's number.
    @FuzzTest
    void tablesAreReadOrRefused(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int middle = text.length() / 2;
        Files.writeString(directory.resolve("KeyTable"), text.substring(0, middle));
        Files.writeString(directory.resolve("SigningTable"), text.substring(middle));
        readOrRefused(new SigningTables.Places(directory, null, path -> directory + "/none"));
        Path conf = directory.resolve("conf");
        Files.writeString(conf, text);
        readOrRefused(new SigningTables.Places(null, conf, path -> directory + "/none"));
    }

    private static void readOrRefused(SigningTables.Places places) {
        try {
            SigningTables tables = new SigningTables(places, () -> Instant.EPOCH, MailLog.none());
            assertThat(tables.identities(AUTHOR)).isEmpty();
        } catch (ConfigException e) {
            assertThat(e.getMessage()).matches("(?s).*/(KeyTable|SigningTable|conf):\\d+: .+");
        }
    }

    /// The same with what is nearly right, as blind bytes seldom are.
    @Test
    void nearlyRightFilesAreReadOrRefused() throws IOException {
        Random random = new Random(8463);
        List<String> words = new ArrayList<>(List.of(
                "domain",
                "{",
                "}",
                "[",
                "]",
                "=",
                ";",
                "selectors",
                "path",
                "selector",
                "example.com",
                "\"",
                "\"x\"",
                " ",
                "\n",
                "#",
                "/*",
                "*/",
                ":",
                ",",
                "*@example.com",
                "%",
                "k",
                "k example.com:s:/x\n",
                "true",
                "use_esld = false;",
                "enabled",
                "'",
                "\\",
                "<<",
                ".include",
                "domain { example.com { path = 1; } }"));
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(words.get(random.nextInt(words.size()))).append(random.nextBoolean() ? " " : "");
            }
            tablesAreReadOrRefused(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
