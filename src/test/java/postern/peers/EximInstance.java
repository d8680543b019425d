package postern.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/// A real Exim of its own on loopback, all of it under one temporary directory. Needs root, and Debian's package
/// unpacked by `./dev test`: it cannot be installed beside Postfix.
public final class EximInstance implements AutoCloseable {
    private static final Path PROGRAM = Path.of("build/exim/usr/sbin/exim4");
    /// Of no user of the machine: Debian's Exim asks for one by name.
    private static final String USER = "64123";

    private final Path directory;
    private final Process process;

    /// Leaves a test out, and says why, when there is no Exim.
    static void need() {
        Commands.needRoot();
        Commands.need("unshare");
        Commands.leaveOutUnless(Files.isExecutable(PROGRAM), "Exim is not unpacked in build/exim (./dev test does it)");
    }

    /// Writes the configuration and starts it; a queue runner starts each second.
    ///
    /// @param directory its own, which every user may enter; its spool may have messages
    /// @param listen `127.0.0.2:2525`
    /// @param main options of the main section; names, directories, and what may listen are added
    /// @param sections `begin acl` and all after it
    public EximInstance(Path directory, String listen, String main, String sections) throws IOException {
        this.directory = directory;
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path program = directory.resolve("exim4");
        Files.copy(PROGRAM, program, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        for (String own : new String[] {"spool", "logs"}) {
            Files.createDirectories(directory.resolve(own));
            Commands.run("chown", USER + ":" + USER, directory.resolve(own).toString());
        }
        for (String table : new String[] {"passwd", "group"}) {
            Path copy = directory.resolve(table);
            Files.copy(Path.of("/etc", table), copy, StandardCopyOption.REPLACE_EXISTING);
            String line = "Debian-exim:x:" + USER + ":" + (table.equals("passwd") ? USER + "::/:/bin/false" : "");
            Files.writeString(copy, line + "\n", StandardOpenOption.APPEND);
        }
        int colon = listen.lastIndexOf(':');
        Path configuration = Files.writeString(
                directory.resolve("exim.conf"),
                main
                        + """
                spool_directory = %1$s/spool
                log_file_path = %1$s/logs/%%s
                pid_file_path = %1$s/logs/pid
                exim_path = %1$s/exim4
                exim_user = %2$s
                exim_group = %2$s
                deliver_drop_privilege
                keep_environment =
                local_interfaces = <; [%3$s]:%4$s
                daemon_smtp_ports = %4$s
                host_lookup =
                smtp_accept_max_per_connection = 0
                """.formatted(directory, USER, listen.substring(0, colon), listen.substring(colon + 1))
                        + sections);
        String start = "mount --bind passwd /etc/passwd && mount --bind group /etc/group && exec " + program + " -C "
                + configuration + " -bdf -q1s";
        process = new ProcessBuilder("unshare", "--mount", "sh", "-c", start)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("said").toFile()))
                .start();
        Commands.await("Exim at " + listen, Duration.ofSeconds(20), () -> {
            if (!process.isAlive()) {
                throw new IOException("Exim ended: " + Files.readString(directory.resolve("said")));
            }
            return Commands.answers(listen);
        });
    }

    /// What it has logged so far.
    public String log() throws IOException {
        Path log = directory.resolve("logs/main");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /// Ends it, and its sessions with it.
    @Override
    public void close() {
        List<ProcessHandle> sessions = process.descendants().toList();
        process.destroy();
        sessions.forEach(ProcessHandle::destroy);
        process.onExit().join();
        sessions.forEach(session -> session.onExit().join());
    }
}
