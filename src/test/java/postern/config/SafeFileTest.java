package postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeFileTest {
    @TempDir
    Path directory;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aNewFileIsItsOwnersAlone() throws IOException {
        Path file = directory.resolve("keys");
        SafeFile.replace(file, bytes("one"));
        assertThat(file).hasContent("one");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(files()).containsExactly(file);
    }

    @Test
    void aReplacedFileKeepsItsPermissions() throws IOException {
        Path file = Files.writeString(directory.resolve("relay"), "old and longer");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        SafeFile.replace(file, bytes("new"));
        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void whatRootReplacesStaysItsOwners() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may give files away");
        Path file = Files.writeString(directory.resolve("relay"), "old");
        UserPrincipal nobody =
                file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(file, nobody);
        SafeFile.replace(file, bytes("new"));
        assertThat(file).hasContent("new");
        assertThat(Files.getOwner(file)).isEqualTo(nobody);
    }

    @Test
    void aSymbolicLinkStaysAndItsTargetIsReplaced() throws IOException {
        Path file = Files.writeString(directory.resolve("real"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        SafeFile.replace(link, bytes("new"));
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(file).hasContent("new");
    }

    @Test
    void whatFailsLeavesTheOldFileAndNothingBeside() throws IOException {
        Path inTheWay = Files.createDirectories(directory.resolve("name/below")).getParent();
        assertThatThrownBy(() -> SafeFile.replace(inTheWay, bytes("new"))).isInstanceOf(IOException.class);
        assertThat(files()).containsExactly(inTheWay);
        assertThatThrownBy(() -> SafeFile.replace(directory.resolve("no/such/file"), bytes("new")))
                .isInstanceOf(IOException.class);
    }
}
