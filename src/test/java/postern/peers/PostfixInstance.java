package postern.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;

/// A real Postfix of its own on loopback: its directories lie under one temporary directory, nothing of the
/// machine's own Postfix is touched. Needs root and Debian's package.
public final class PostfixInstance implements AutoCloseable {
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
        Files.writeString(configuration.resolve("master.cf"), masterCf(listen));
        for (Map.Entry<String, String> table : tables.entrySet()) {
            Path file = configuration.resolve(table.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, table.getValue().replace("/etc/postfix/", configuration + "/"));
            if (text.contains("hash:" + file)) {
                Commands.run("postmap", "-c", configuration.toString(), "hash:" + file);
            }
        }
        Commands.run("postfix", "-c", configuration.toString(), "start");
        Commands.await("Postfix at " + listen, Duration.ofSeconds(20), () -> Commands.answers(listen));
    }

    /// Every directory above and this one may be entered by Postfix's user.
    private static void open(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String masterCf(String listen) {
        return listen + " inet n - n - - smtpd\n" + """
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
