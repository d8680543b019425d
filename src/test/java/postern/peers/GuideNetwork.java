package postern.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import postern.net.SelfSigned;

/// The guide's network, with its own addresses: public server and private server, each in a network namespace, a VPN
/// between them, and behind each its own line to the internet, which is a third. Files of the system that a server
/// would write are covered by a temporary directory. Needs root; nothing of the machine is touched, and all of it
/// goes with the processes.
final class GuideNetwork implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);

    /// The internet's addresses of all three.
    static final String INTERNET = "198.51.100.25";

    static final String PUBLIC = "11.22.33.44";
    static final String HOME = "203.0.113.9";

    static final String ZONE = """
            $ORIGIN example.com.
            @     IN  A      11.22.33.44
            mail  IN  A      11.22.33.44
            @     IN  MX  10 mail.example.com.
            example.net.                 IN  MX  10 mx.example.net.
            mx.example.net.              IN  A   198.51.100.25
            example.org.                 IN  MX  10 mx.example.net.
            25.100.51.198.in-addr.arpa.  IN  PTR mx.example.net.
            44.33.22.11.in-addr.arpa.    IN  PTR mail.example.com.
            """;

    /// A namespace, which lives as long as a process in it does.
    ///
    /// @param directory of what belongs to it; in it `log`, `spool` and `lib`, which lie over those of `/var`
    record Node(Process anchor, Path directory) {
        List<String> command(List<String> words) {
            List<String> command =
                    new ArrayList<>(List.of("nsenter", "-t", Long.toString(anchor.pid()), "-n", "-m", "--"));
            command.addAll(words);
            return command;
        }

        /// Runs a program to its end.
        Commands.Output run(String... words) throws IOException {
            return Commands.tryRun(command(List.of(words)).toArray(String[]::new));
        }

        private void must(String... words) throws IOException {
            Commands.Output output = run(words);
            if (output.status() != 0) {
                throw new IOException(String.join(" ", words) + ": " + output.text());
            }
        }

        /// Starts a program; what it says is in the file `name` of the directory.
        Process start(String name, List<String> words) throws IOException {
            return new ProcessBuilder(command(words))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve(name).toFile())
                    .start();
        }

        String said(String name) throws IOException {
            Path file = directory.resolve(name);
            return Files.exists(file) ? Files.readString(file) : "";
        }

        private boolean answers(String address, int port) throws IOException {
            return run("bash", "-c", "exec 3<>/dev/tcp/" + address + "/" + port).status() == 0;
        }
    }

    final Node internet;
    final Node publicServer;
    final Node home;
    private final List<Process> processes = new ArrayList<>();
    private boolean hasPostfix;

    static void need() {
        Commands.needRoot();
        Commands.need("ip", "unshare", "nsenter", "swaks", "curl");
    }

    /// @param directory that every user may enter
    /// @param records of DNS, besides the guide's
    GuideNetwork(Path directory, String records) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            internet = node(directory.resolve("internet"));
            publicServer = node(directory.resolve("public"));
            home = node(directory.resolve("home"));
            join(publicServer, "vpn", "192.168.2.2/24", home, "192.168.2.3/24");
            join(publicServer, "net0", PUBLIC + "/32", internet, INTERNET + "/32");
            join(home, "net0", HOME + "/32", internet, INTERNET + "/32");
            internet.must("ip", "route", "add", PUBLIC, "dev", "net0");
            internet.must("ip", "route", "add", HOME, "dev", "net1");
            publicServer.must("ip", "route", "add", "default", "dev", "net0");
            home.must("ip", "route", "add", "default", "dev", "net0");
            Files.writeString(internet.directory().resolve("zone"), ZONE + records);
            start(
                    internet,
                    "internet",
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-cp",
                            absolute(System.getProperty("java.class.path")),
                            InternetHost.class.getName(),
                            INTERNET,
                            internet.directory().toString()),
                    "ready");
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// A program in another mount namespace begins in the root directory.
    private static String absolute(String classPath) {
        return Stream.of(classPath.split(":", -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(":"));
    }

    private Node node(Path directory) throws IOException {
        for (String name : List.of("log", "spool/postfix", "lib/postfix", "etc")) {
            Files.createDirectories(directory.resolve(name));
        }
        Path names = Files.writeString(directory.resolve("resolv.conf"), "nameserver " + INTERNET + "\n");
        String script = "mount --bind " + names + " /etc/resolv.conf"
                + Stream.of("log", "spool", "lib")
                        .map(name -> " && mount --bind " + directory.resolve(name) + " /var/" + name)
                        .reduce("", String::concat)
                + " && ip link set lo up && echo ready && exec sleep 1000000";
        Process anchor = new ProcessBuilder("unshare", "--net", "--mount", "sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("anchor").toFile())
                .start();
        Node node = new Node(anchor, directory);
        processes.add(anchor);
        await(node, anchor, "anchor", "ready");
        return node;
    }

    private static void join(Node one, String name, String address, Node other, String otherAddress)
            throws IOException {
        boolean isFirst = other.run("ip", "link", "show", name).status() != 0;
        String its = isFirst ? name : "net1";
        one.must(
                "ip",
                "link",
                "add",
                name,
                "type",
                "veth",
                "peer",
                "name",
                its,
                "netns",
                Long.toString(other.anchor().pid()));
        one.must("ip", "address", "add", address, "dev", name);
        one.must("ip", "link", "set", name, "up");
        other.must("ip", "address", "add", otherAddress, "dev", its);
        other.must("ip", "link", "set", its, "up");
    }

    /// Starts a program, and waits until it has said something.
    private void start(Node node, String name, List<String> words, String sign) throws IOException {
        Process process = node.start(name, words);
        processes.add(process);
        await(node, process, name, sign);
    }

    private static void await(Node node, Process process, String name, String sign) throws IOException {
        Commands.await(name, PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new IOException(name + " ended with " + process.exitValue() + ": " + node.said(name));
            }
            return node.said(name).contains(sign);
        });
    }

    /// Lays the guide's files of the public server out.
    private Path publicFiles() throws IOException {
        Path etc = publicServer.directory().resolve("etc");
        for (String name : List.of("main.cf", "transport", "relay")) {
            Files.copy(
                    Path.of("conf/public", name), etc.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        SelfSigned certificate =
                SelfSigned.of(List.of("mail.example.com"), Instant.now().minusSeconds(60), Duration.ofDays(1));
        Path certificates = Files.createDirectories(etc.resolve("certificates"));
        Files.writeString(certificates.resolve("mail.example.com.crt"), certificate.certificatePem());
        Files.writeString(certificates.resolve("mail.example.com.key"), certificate.keyPem());
        return etc;
    }

    /// Our public server.
    void startPublic() throws IOException {
        Path etc = publicFiles();
        Files.writeString(etc.resolve("master.cf"), "smtp inet n - y - - smtpd\n");
        processes.add(publicServer.start(
                "stdout", PosternProcess.command("public", "-Xmx96m", "public", "-c", etc.toString())));
        awaitPort(publicServer, PUBLIC, 25);
    }

    /// Debian's Postfix, as the guide has it.
    void startPostfix() throws IOException {
        Path etc = publicServer.directory().resolve("etc");
        Commands.run("cp", "-a", "/etc/postfix/.", etc.toString());
        publicFiles();
        Files.writeString(etc.resolve("master.cf"), "smtp inet n - n - - smtpd\n" + PostfixInstance.MASTER_CF);
        publicServer.must("mount", "--bind", etc.toString(), "/etc/postfix");
        publicServer.must("chown", "postfix", "/var/lib/postfix");
        publicServer.must("postmap", "/etc/postfix/transport", "/etc/postfix/relay");
        publicServer.must("postfix", "start");
        hasPostfix = true;
        awaitPort(publicServer, PUBLIC, 25);
    }

    /// Our private server.
    ///
    /// @param config the volume
    void startPrivate(Path config) throws IOException {
        Path mail = Files.createDirectories(home.directory().resolve("mail"));
        Path state = Files.createDirectories(home.directory().resolve("state"));
        processes.add(home.start(
                "stdout",
                PosternProcess.command(
                        "private",
                        "-Xmx256m",
                        "private",
                        "-c",
                        config.toString(),
                        "--mail",
                        mail.toString(),
                        "--state",
                        state.toString())));
        awaitPort(home, "192.168.2.3", 995);
    }

    /// `postern setup`.
    static void setup(Path config, String... words) throws IOException {
        List<String> command = PosternProcess.command("private", "-Xmx96m", "setup", "-c", config.toString());
        command.addAll(List.of(words));
        Commands.run(command.toArray(String[]::new));
    }

    private void awaitPort(Node node, String address, int port) throws IOException {
        Process process = processes.getLast();
        Commands.await("port " + port, PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new IOException("the server ended: " + node.said("stdout"));
            }
            return node.answers(address, port);
        });
    }

    /// What has arrived on the internet.
    List<Sink.Taken> arrived() throws IOException {
        List<Sink.Taken> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(internet.directory())) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".eml")).toList()) {
                all.add(InternetHost.read(file));
            }
        }
        return all;
    }

    /// The message that holds a text.
    Sink.Taken arrival(String text) throws IOException {
        Commands.await(
                "a message with " + text,
                PATIENCE,
                () -> arrived().stream().anyMatch(message -> message.text().contains(text)));
        return arrived().stream()
                .filter(message -> message.text().contains(text))
                .findFirst()
                .orElseThrow();
    }

    String logs() throws IOException {
        return "public:\n" + publicServer.said("stdout") + publicServer.said("log/postfix.log") + "home:\n"
                + home.said("stdout");
    }

    @Override
    public void close() throws IOException {
        if (hasPostfix) {
            publicServer.run("postfix", "stop");
        }
        for (Process process : processes.reversed()) {
            process.destroy();
            process.onExit().join();
        }
    }
}
