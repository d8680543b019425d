package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import postern.peers.Commands;

/// Debian's Dovecot as an instance of its own: LMTP in, POP3 out.
final class DovecotPeer implements MailHost {
    private static final int LMTP = 2424;
    private static final int POP3 = 2110;

    private final Path directory;
    private final String address;
    private final String name;

    /// @param directory an empty one that every user may enter
    /// @param address of loopback
    /// @param format `maildir` or `sdbox`
    /// @param fsync `always`, or `optimized` as is its default: what a later look can find again is not forced
    DovecotPeer(Path directory, String address, String format, String fsync) throws IOException {
        this.directory = directory;
        this.address = address;
        this.name = "Dovecot " + format + (fsync.equals("always") ? "" : ", " + fsync);
        Ports.awaitFree(address());
        Ports.awaitFree(pop3());
        Path mail = Files.createDirectory(directory.resolve("mail"));
        StringBuilder users = new StringBuilder();
        for (int i = 0; i < MAILBOXES; i++) {
            users.append(Dialect.user(i)).append(":{PLAIN}").append(PASSWORD).append('\n');
        }
        Files.writeString(directory.resolve("users"), users.toString());
        Files.writeString(
                directory.resolve("dovecot.conf"),
                configuration().formatted(directory, address, LMTP, POP3, format, fsync));
        Commands.run("chown", "mail:mail", mail.toString());
        // What it starts keeps its outputs open.
        Commands.run("sh", "-c", "exec dovecot -c " + directory.resolve("dovecot.conf") + " >/dev/null 2>&1");
        Commands.await("Dovecot", Duration.ofSeconds(20), () -> Commands.answers(address + ":" + LMTP));
    }

    private static String configuration() {
        return """
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = %1$s/log
                protocols = lmtp pop3
                listen = %2$s
                ssl = no
                disable_plaintext_auth = no
                mail_location = %5$s:%1$s/mail/%%n
                mail_fsync = %6$s
                first_valid_uid = 1
                passdb {
                  driver = passwd-file
                  args = scheme=PLAIN %1$s/users
                }
                userdb {
                  driver = static
                  args = uid=mail gid=mail home=%1$s/mail/%%n
                }
                service lmtp {
                  inet_listener lmtp {
                    port = %3$d
                  }
                  unix_listener lmtp {
                    mode = 0
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
                """;
    }

    static String version() throws IOException {
        return Commands.run("dovecot", "--version").strip().split(" ", 2)[0];
    }

    private long masterPid() throws IOException {
        return Long.parseLong(
                Files.readString(directory.resolve("run/master.pid")).strip());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String hello() {
        return "LHLO";
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(address, LMTP);
    }

    @Override
    public InetSocketAddress pop3() {
        return new InetSocketAddress(address, POP3);
    }

    @Override
    public double cpuSeconds() throws IOException {
        return Processes.cpuSeconds(masterPid());
    }

    @Override
    public long residentMegabytes() throws IOException {
        return Processes.residentMegabytes(masterPid());
    }

    @Override
    public void close() {
        try {
            long pid = masterPid();
            Commands.run("kill", Long.toString(pid));
            Commands.await(
                    "Dovecot's end",
                    Duration.ofSeconds(20),
                    () -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
