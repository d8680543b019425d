package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;

class UsersTest {
    private final List<String> log = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    @Test
    void readsLoginsWithoutRegardToCaseAmongCommentsAndEmptyLines() throws IOException {
        Users users = open("# who may send\n\n  # more\r\nHome@Example.com|{PLAIN}secret\r\n b@c | {PLAIN}x y \n");

        assertThat(users.now().find("home@EXAMPLE.com")).isNotNull();
        assertThat(users.now().find("b@c")).isNotNull();
        assertThat(users.now().find("c@c")).isNull();
    }

    @Test
    void namesFileAndLineOfWhatItCannotRead() {
        assertThatThrownBy(() -> open("a|{PLAIN}x\nb|{NTLM}x\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("users:2: {NTLM} is not a known scheme");
        assertThatThrownBy(() -> open("just words\n")).hasMessageContaining("users:1: a line is login|{SCHEME}hash");
        assertThatThrownBy(() -> open("a|{PLAIN}x\nA|{PLAIN}y\n")).hasMessageContaining("stands already in line 1");
        assertThatThrownBy(() -> open("a|{PLAIN}x|userdb_mail=x\n")).hasMessageContaining("users:1");
        assertThatThrownBy(() -> open("a".repeat(5000))).hasMessageContaining("longer than 4096");
        assertThatThrownBy(() -> Users.open(directory.resolve("none"), () -> now, this::note))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot read");
    }

    @Test
    void neverShowsAHashInAnError() {
        assertThatThrownBy(() -> open("a|{SSHA}verysecret!\n")).hasMessageNotContaining("verysecret");
        assertThatThrownBy(() -> open("a|verysecret\n")).hasMessageNotContaining("verysecret");
    }

    @Test
    void takesUpAChangedFileOnceItHasSettled() throws IOException {
        Users users = open("a|{PLAIN}x\n");
        write("a|{PLAIN}x\nb|{PLAIN}y\n");

        assertThat(users.now().find("b")).as("not looked yet").isNull();
        now = now.plusSeconds(1);
        assertThat(users.now().find("b"))
                .as("seen to change: perhaps still being written")
                .isNull();
        now = now.plusSeconds(1);
        assertThat(users.now().find("b")).isNotNull();
    }

    @Test
    void keepsTheOldUsersWhenTheNewFileIsBroken() throws IOException {
        Users users = open("a|{PLAIN}x\n");
        write("b|{PLAIN}y\nbroken\n");
        for (int i = 0; i < 5; i++) {
            now = now.plusSeconds(1);
            users.now();
        }

        assertThat(users.now().find("a")).isNotNull();
        assertThat(users.now().find("b")).isNull();
        assertThat(log).filteredOn(line -> line.contains("users:2")).hasSize(1);

        Files.delete(directory.resolve("users"));
        now = now.plusSeconds(1);
        users.now();
        now = now.plus(Duration.ofSeconds(1));
        assertThat(users.now().find("a")).isNotNull();
        assertThat(log).anyMatch(line -> line.contains("cannot read"));
    }

    @Test
    void warnsOfAFileThatEveryoneCanRead() throws IOException {
        open("a|{PLAIN}x\n");
        Files.setPosixFilePermissions(
                directory.resolve("users"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        log.clear();
        Users.open(directory.resolve("users"), () -> now, this::note);

        assertThat(log).singleElement().asString().contains("can be read by everyone");
    }

    private Users open(String text) throws IOException {
        write(text);
        return Users.open(directory.resolve("users"), () -> now, this::note);
    }

    private void write(String text) throws IOException {
        Path file = directory.resolve("users");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
        Files.setLastModifiedTime(file, FileTime.from(now.plusMillis(text.length())));
    }

    private void note(String service, String text) {
        log.add(text);
    }
}
