package postern.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A real Postfix of its own on loopback: its directories lie under one temporary directory, nothing of the
/// machine's own Postfix is touched. Needs root and Debian's package.
public final class PostfixInstance implements AutoCloseable {
    /// Lines of master.cf for all that does not listen.
    static final String MASTER_CF = """
                pickup unix n - n 60 1 pickup
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                tlsmgr unix - - n 1000? 1 tlsmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                trace unix - - n - 0 bounce
                verify unix - - n - 1 verify
                flush unix n - n 1000? 0 flush
                proxymap unix - - n - - proxymap
                smtp unix - - n - - smtp
                relay unix - - n - - smtp
                showq unix n - n - - showq
                error unix - - n - - error
                retry unix - - n - - error
                discard unix - - n - - discard
                local unix - n n - - local
                virtual unix - n n - - virtual
                lmtp unix - - n - - lmtp
                anvil unix - - n - 1 anvil
                scache unix - - n - 1 scache
                postlog unix-dgram n - n - 1 postlogd
                """;

    private final Path directory;
    private final Path configuration;

    /// Writes the configuration and starts it.
    ///
    /// @param directory an empty directory that every user may enter
    /// @param listen `127.0.0.2:2525`
    /// @param mainCf the text of main.cf; directories and log are added
    /// @param tables files beside main.cf, by name; those named in a `hash:` table are compiled with postmap
    public PostfixInstance(Path directory, String listen, String mainCf, Map<String, String> tables)
            throws IOException {
        this(directory, listen, mainCf, tables, new World(listen + " inet n - n - - smtpd\n", null));
    }

    /// What it runs, and what it sees.
    ///
    /// @param services lines of master.cf for what listens, and what that needs
    /// @param resolvConf its own /etc/resolv.conf; null for the machine's
    public record World(String services, @Nullable Path resolvConf) {}

    /// The same, in a world of its own.
    public PostfixInstance(Path directory, String listen, String mainCf, Map<String, String> tables, World world)
            throws IOException {
        this.directory = directory;
        this.configuration = directory.resolve("etc");
        Path queue = Files.createDirectories(directory.resolve("spool"));
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.createDirectories(configuration);
        open(directory);
        Commands.run("chown", "postfix", data.toString());
        String dirs =
                "config_directory = " + configuration + "\nqueue_directory = " + queue + "\ndata_directory = " + data
                        + "\nmaillog_file = " + directory.resolve("log") + "\nmaillog_file_prefixes = " + directory
                        + "\nalias_maps =\nalias_database =\n";
        String text = mainCf.replace("/etc/postfix/", configuration + "/");
        Files.writeString(configuration.resolve("main.cf"), text + "\n" + dirs);
        Files.writeString(configuration.resolve("master.cf"), world.services() + MASTER_CF);
        for (Map.Entry<String, String> table : tables.entrySet()) {
            Path file = configuration.resolve(table.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, table.getValue().replace("/etc/postfix/", configuration + "/"));
            if (text.contains("hash:" + file)) {
                Commands.run("postmap", "-c", configuration.toString(), "hash:" + file);
            }
        }
        if (world.resolvConf() == null) {
            Commands.run("postfix", "-c", configuration.toString(), "start");
        } else {
            String start = "mount --bind " + world.resolvConf() + " /etc/resolv.conf && postfix -c " + configuration
                    + " start";
            Commands.run("unshare", "--mount", "sh", "-c", start);
        }
        Commands.await("Postfix at " + listen, Duration.ofSeconds(20), () -> Commands.answers(listen));
    }

    /// Every directory above and this one may be entered by Postfix's user.
    private static void open(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    public Path configuration() {
        return configuration;
    }

    /// What it has logged so far.
    public String log() throws IOException {
        Path log = directory.resolve("log");
        return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
    }

    /// The process id of its master.
    public long masterPid() throws IOException {
        return Long.parseLong(
                Files.readString(directory.resolve("spool/pid/master.pid")).strip());
    }

    @Override
    public void close() {
        try {
            Commands.run("postfix", "-c", configuration.toString(), "stop");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
