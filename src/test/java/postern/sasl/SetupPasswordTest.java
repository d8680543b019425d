package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.dms.Environment;
import postern.dms.Volume;
import postern.dms.setup.Rooms;
import postern.dms.setup.SetupCommands;
import postern.dms.setup.TerminalQuestions;

/// What `postern setup email add` writes lets its user in, here and with crypt(3).
class SetupPasswordTest {
    @TempDir
    private Path directory;

    private String stored(String password) throws IOException {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        SetupCommands setup = new SetupCommands(
                directory,
                Environment.of(new Volume(directory), Map.of()),
                new Rooms(
                        account -> OptionalLong.empty(),
                        account -> false,
                        words -> List.of(),
                        (account, stored) -> false),
                TerminalQuestions.ofProcess(),
                new SetupCommands.Output(nowhere, nowhere));
        assertThat(setup.run(List.of("email", "add", "a@example.com", password)))
                .isZero();
        String line = Files.readString(directory.resolve("postfix-accounts.cf")).strip();
        return line.substring(line.indexOf('|') + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mypassword", "may be \\a `p^a.*ssword", "pässwörd ☃", "a", "$6$x$y"})
    void thePasswordFitsItsHash(String password) throws IOException {
        StoredPassword stored = PasswordScheme.parse(stored(password), new byte[16]);
        assertThat(stored.matches(password.getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(stored.matches((password + "x").getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mypassword", "may be \\a `p^a.*ssword", "pässwörd ☃"})
    void crypt3ComputesTheSameHash(String password) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")));
        String hash = stored(password).replace("{SHA512-CRYPT}", "");
        Process perl = new ProcessBuilder("/usr/bin/perl", "-e", "chomp($p = <STDIN>); print crypt($p, $ARGV[0])", hash)
                .start();
        perl.getOutputStream().write((password + "\n").getBytes(StandardCharsets.UTF_8));
        perl.getOutputStream().close();
        String computed = new String(perl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(perl.waitFor()).isZero();
        assertThat(computed).isEqualTo(hash);
    }
}
