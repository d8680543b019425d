package postern.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Debian's Dovecot with POP3 on a port of its own and one Maildir, of `you@example.com`, whose password is
/// `secret`. Needs root.
public final class DovecotInstance implements AutoCloseable {
    private final Path directory;
    private final int port = PublicDirectory.freePort();

    /// @param texts what lies in the INBOX, in this order
    public DovecotInstance(Path directory, List<String> texts) throws IOException {
        this.directory = directory;
        Path inbox = directory.resolve("mail");
        for (String each : List.of("cur", "new", "tmp")) {
            Files.createDirectories(inbox.resolve(each));
        }
        for (int i = 0; i < texts.size(); i++) {
            Files.writeString(inbox.resolve("new/" + (1700000001 + i) + ".M1P1.host"), texts.get(i));
        }
        Files.writeString(directory.resolve("users"), "you@example.com:{PLAIN}secret\n");
        Files.writeString(directory.resolve("dovecot.conf"), """
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = %1$s/log
                protocols = pop3
                listen = 127.0.0.1
                ssl = no
                disable_plaintext_auth = no
                mail_location = maildir:%1$s/mail
                first_valid_uid = 1
                default_process_limit = 10
                passdb {
                  driver = passwd-file
                  args = scheme=PLAIN %1$s/users
                }
                userdb {
                  driver = static
                  args = uid=mail gid=mail home=%1$s/mail
                }
                service pop3-login {
                  inet_listener pop3 {
                    port = %2$d
                  }
                  inet_listener pop3s {
                    port = 0
                  }
                }
                """.formatted(directory, port));
        Commands.run("chown", "-R", "mail:mail", inbox.toString());
        for (Path each = directory; each != null && !each.equals(Path.of("/tmp")); each = each.getParent()) {
            Commands.tryRun("chmod", "a+x", each.toString());
        }
        // What it starts keeps its outputs open.
        Commands.run("sh", "-c", "exec dovecot -c " + directory.resolve("dovecot.conf") + " >/dev/null 2>&1");
        Commands.await("Dovecot", Duration.ofSeconds(20), () -> Commands.answers("127.0.0.1:" + port));
    }

    public int port() {
        return port;
    }

    /// The UIDVALIDITY that it has given the INBOX.
    public long uidValidity() throws IOException {
        String head =
                Files.readAllLines(directory.resolve("mail/dovecot-uidlist")).getFirst();
        return Long.parseLong(head.replaceFirst(".* V(\\d+) .*", "$1"));
    }

    @Override
    public void close() throws IOException {
        String pid = Files.readString(directory.resolve("run/master.pid")).strip();
        Commands.run("kill", pid);
        Commands.await(
                "Dovecot's end",
                Duration.ofSeconds(20),
                () -> !ProcessHandle.of(Long.parseLong(pid))
                        .map(ProcessHandle::isAlive)
                        .orElse(false));
    }
}
