package postern.sasl;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/// The files of app passwords, certificates and bans.
class LoginFilesFuzz {
    @FuzzTest
    void readsOrRefusesTheFiles(FuzzedDataProvider data) {
        List<String> lines = data.consumeRemainingAsString().lines().toList();
        refusing(() -> AppPasswordsFile.parse("apps", lines));
        refusing(() -> CertificatesFile.parse("certificates", lines));
        for (String line : lines) {
            refusing(() -> {
                Ban ban = Ban.parse(line);
                if (!Ban.parse(ban.line()).equals(ban)) {
                    throw new AssertionError("a ban is another when read again: " + ban);
                }
            });
        }
    }

    private static void refusing(Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException e) {
            // said with what would be right
        }
    }
}
