package postern.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import postern.net.SelfSigned;

/// Debian's Dovecot with IMAP and POP3 on ports of its own, and mail in `mail/DOMAIN/USER` as docker-mailserver
/// has it. Whoever logs in with `secret` is there; `master` may log in as anybody (`user*master`). Needs root.
public final class DovecotMail implements AutoCloseable {
    private final Path directory;
    private final int imapPort = PublicDirectory.freePort();
    private final int imapsPort = PublicDirectory.freePort();
    private final int popPort = PublicDirectory.freePort();

    /// @param format `maildir`, `sdbox`, `mdbox` or `mbox`
    /// @param compression of what is saved: `gz`, `zstd`, `bz2`, `lz4`; empty for none
    public DovecotMail(Path directory, String format, String compression) throws IOException {
        this.directory = Files.createDirectories(directory);
        Path mail = Files.createDirectories(mail());
        SelfSigned certificate =
                SelfSigned.of(List.of("localhost"), Instant.now().minusSeconds(3600), Duration.ofDays(2));
        Files.writeString(certificate(), certificate.certificatePem());
        Files.writeString(directory.resolve("key.pem"), certificate.keyPem());
        Files.writeString(directory.resolve("masters"), "master:{PLAIN}secret\n");
        Files.writeString(directory.resolve("dovecot.conf"), """
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = %1$s/log
                protocols = imap pop3
                listen = 127.0.0.1
                ssl = yes
                ssl_cert = <%1$s/cert.pem
                ssl_key = <%1$s/key.pem
                disable_plaintext_auth = no
                auth_master_user_separator = *
                mail_location = %2$s:%1$s/mail/%%d/%%n%7$s
                mail_plugins = %5$s
                maildir_stat_dirs = yes
                first_valid_uid = 1
                default_process_limit = 20
                namespace inbox {
                  inbox = yes
                  separator = .
                  mailbox Junk {
                    special_use = \\Junk
                  }
                }
                passdb {
                  driver = passwd-file
                  master = yes
                  args = %1$s/masters
                }
                passdb {
                  driver = static
                  args = password=secret
                }
                userdb {
                  driver = static
                  args = uid=mail gid=mail home=%1$s/mail/%%d/%%n/home
                }
                plugin {
                  %6$s
                }
                service imap-login {
                  inet_listener imap {
                    port = %3$d
                  }
                  inet_listener imaps {
                    port = %8$d
                    ssl = yes
                  }
                }
                service pop3-login {
                  inet_listener pop3 {
                    port = %4$d
                  }
                  inet_listener pop3s {
                    port = 0
                  }
                }
                """.formatted(
                        directory,
                        format,
                        imapPort,
                        popPort,
                        compression.isEmpty() ? "" : "zlib",
                        compression.isEmpty() ? "" : "zlib_save = " + compression,
                        format.equals("mbox") ? ":INBOX=" + directory + "/mail/%d/%n/INBOX" : "",
                        imapsPort));
        for (Path each = directory; each != null && !each.equals(Path.of("/tmp")); each = each.getParent()) {
            Commands.tryRun("chmod", "a+x", each.toString());
        }
        Commands.run("chown", "-R", "mail:mail", mail.toString());
        // what it starts keeps its outputs open
        Commands.run("sh", "-c", "exec dovecot -c " + directory.resolve("dovecot.conf") + " >/dev/null 2>&1");
        Commands.await("Dovecot", Duration.ofSeconds(20), () -> Commands.answers("127.0.0.1:" + imapPort));
    }

    /// Where the mail is.
    public Path mail() {
        return directory.resolve("mail");
    }

    public int imapPort() {
        return imapPort;
    }

    /// TLS at once, as `localhost`.
    public int imapsPort() {
        return imapsPort;
    }

    /// What vouches for itself there.
    public Path certificate() {
        return directory.resolve("cert.pem");
    }

    public int popPort() {
        return popPort;
    }

    /// A session of `you@example.com`, or of whom else.
    public ImapTalk login(String user) throws IOException {
        ImapTalk talk = new ImapTalk("127.0.0.1", imapPort);
        talk.ask("LOGIN " + user + " secret");
        return talk;
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
