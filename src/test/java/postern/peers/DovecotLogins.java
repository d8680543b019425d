package postern.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/// Debian's Dovecot as the one who knows the logins of a Postfix (`smtpd_sasl_type = dovecot`). Needs root.
public final class DovecotLogins implements AutoCloseable {
    private final Path directory;

    /// @param users `login:{SCHEME}hash`, a line each
    public DovecotLogins(Path directory, String users) throws IOException {
        this.directory = directory;
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve("users"), users);
        Files.writeString(directory.resolve("dovecot.conf"), """
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = %1$s/log
                protocols =
                ssl = no
                disable_plaintext_auth = no
                auth_mechanisms = plain login
                first_valid_uid = 1
                passdb {
                  driver = passwd-file
                  args = %1$s/users
                }
                userdb {
                  driver = static
                  args = uid=mail gid=mail home=%1$s
                }
                service auth {
                  unix_listener %1$s/auth {
                    mode = 0666
                  }
                }
                """.formatted(directory));
        // What it starts keeps its outputs open.
        Commands.run("sh", "-c", "exec dovecot -c " + directory.resolve("dovecot.conf") + " >/dev/null 2>&1");
        Commands.await("Dovecot", Duration.ofSeconds(30), () -> Files.exists(socket()));
    }

    /// For `smtpd_sasl_path`.
    public Path socket() {
        return directory.resolve("auth");
    }

    @Override
    public void close() throws IOException {
        String pid = Files.readString(directory.resolve("run/master.pid")).strip();
        Commands.run("kill", pid);
        Commands.await(
                "Dovecot's end",
                Duration.ofSeconds(30),
                () -> !ProcessHandle.of(Long.parseLong(pid))
                        .map(ProcessHandle::isAlive)
                        .orElse(false));
    }
}
