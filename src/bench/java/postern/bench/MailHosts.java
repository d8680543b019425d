package postern.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// The servers of a bench, by their names on the command line, in one directory that goes with them.
final class MailHosts implements AutoCloseable {
    private static final int OFFSET = 22_000;

    private final Path directory;
    private final Map<String, MailHost> hosts = new LinkedHashMap<>();
    private final PrintStream out;

    /// Starts them.
    MailHosts(DeliverOptions options, PrintStream out) throws IOException {
        this.out = out;
        // Never /tmp, which may lie in memory: forced writes must be writes.
        this.directory = Files.createTempDirectory(Path.of("/var/tmp"), "postern-bench");
        // Dovecot's own users must get through.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        for (String name : options.only()) {
            hosts.put(name, start(name, Files.createDirectory(directory.resolve(name))));
        }
    }

    private static MailHost start(String name, Path place) throws IOException {
        return switch (name) {
            case "postern" -> new PrivatePeer(place, OFFSET, MailHost.MAILBOXES);
            case "dovecot" -> new DovecotPeer(place, "127.0.0.2", "maildir", "always");
            case "sdbox" -> new DovecotPeer(place, "127.0.0.3", "sdbox", "always");
            case "optimized" -> new DovecotPeer(place, "127.0.0.6", "maildir", "optimized");
            case "postfix" -> new PostfixDovecotPeer(place, "127.0.0.7", "maildir");
            default -> throw new IllegalArgumentException(name);
        };
    }

    Path directory() {
        return directory;
    }

    Map<String, MailHost> all() {
        return hosts;
    }

    static String machine() throws IOException {
        return String.format(
                "%d cores, Java %s, Linux %s; Dovecot %s, Postfix %s",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                Files.readString(Path.of("/proc/version")).split(" ", 4)[2],
                DovecotPeer.version(),
                PostfixPeer.version());
    }

    static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    }

    @Override
    public void close() {
        hosts.values().forEach(MailHost::close);
        hosts.clear();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            out.println("bench: " + directory + " stays: " + e.getMessage());
        }
    }
}
