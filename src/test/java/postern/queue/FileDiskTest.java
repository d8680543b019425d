package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiskTest {
    @TempDir
    Path directory;

    @Test
    void oneAtATimeHasTheQueue() throws IOException {
        try (Disk first = FileDisk.take(directory.resolve("postern"))) {
            assertThat(first.list()).isEmpty();
            assertThatThrownBy(() -> FileDisk.take(directory.resolve("postern")))
                    .hasMessage("the queue in " + directory.resolve("postern") + " is in use by another process ("
                            + ProcessHandle.current().pid() + ")");
        }
        FileDisk.take(directory.resolve("postern")).close();
    }

    @Test
    void directoryIsForItsOwnerAlone() throws IOException {
        Path made = directory.resolve("a/postern");
        FileDisk.take(made).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
    }

    @Test
    void deletedFileIsReadByWhoHasIt() throws IOException {
        try (Disk disk = FileDisk.take(directory)) {
            try (Disk.DiskFile file = disk.create("x")) {
                file.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3})}, 0);
                file.force();
                disk.delete("x");
                disk.forceDirectory();
                ByteBuffer into = ByteBuffer.allocate(3);
                file.readFully(into, 0);
                assertThat(into.array()).containsExactly(1, 2, 3);
            }
            assertThat(disk.list()).isEmpty();
            assertThatThrownBy(() -> disk.open("x")).isInstanceOf(java.nio.file.NoSuchFileException.class);
        }
    }

    /// `sudo postern hold …` on a stopped server: the server starts again as its own user.
    @Test
    void filesThatRootMakesBelongToTheDirectorysOwner() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give files away");
        UserPrincipal server =
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(directory, server);
        try (Disk disk = FileDisk.take(directory)) {
            disk.create("x").close();
        }
        assertThat(Files.getOwner(directory.resolve("x"))).isEqualTo(server);
        assertThat(Files.getOwner(directory.resolve("lock"))).isEqualTo(server);
    }
}
