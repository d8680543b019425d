package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import postern.peers.Commands;

/// Our private server, started as its users start it: `./postern private -c DIR`, default settings.
final class PrivatePeer implements MailHost {
    private static final int SMTP = 25;
    private static final int POP3 = 110;

    private final Process process;
    private final int offset;
    private final long startMillis;

    /// @param offset of its ports
    /// @param accounts how many it has
    PrivatePeer(Path directory, int offset, int accounts) throws IOException {
        this.offset = offset;
        Ports.awaitFree(address());
        Ports.awaitFree(pop3());
        Path config = Files.createDirectories(directory.resolve("config"));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < accounts; i++) {
            lines.append(Dialect.user(i)).append("|{PLAIN}").append(PASSWORD).append('\n');
        }
        Files.writeString(config.resolve("postfix-accounts.cf"), lines.toString());
        // nobody here knows the domains of the bench
        Files.writeString(
                config.resolve("postfix-main.cf"),
                "smtpd_peername_lookup = no\ndms_smtpd_sender_restrictions = permit_sasl_authenticated\nsmtpd_client_connection_count_limit = 0\n");
        Files.writeString(config.resolve("mailserver.env"), """
                OVERRIDE_HOSTNAME=mail.example.com
                ENABLE_POP3=1
                POSTERN_CLEARTEXT_AUTH=1
                PERMIT_DOCKER=none
                """);
        Path said = directory.resolve("said");
        long begun = System.nanoTime();
        process = new ProcessBuilder(
                        "./postern",
                        "private",
                        "-c",
                        config.toString(),
                        "--mail",
                        made(directory, "mail"),
                        "--state",
                        made(directory, "state"),
                        "--port-offset",
                        Integer.toString(offset))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            Commands.await("the private server", Duration.ofMinutes(3), () -> {
                if (!process.isAlive()) {
                    throw new IOException(
                            "./postern ended with " + process.exitValue() + ": " + Files.readString(said));
                }
                return Commands.answers("127.0.0.1:" + (SMTP + offset))
                        && Commands.answers("127.0.0.1:" + (POP3 + offset));
            });
        } catch (IOException e) {
            close();
            throw e;
        }
        startMillis = (System.nanoTime() - begun) / 1_000_000;
    }

    private static String made(Path directory, String name) throws IOException {
        Path made = Files.createDirectories(directory.resolve(name));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
        return made.toString();
    }

    /// From the command to the first answer.
    long startMillis() {
        return startMillis;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public String name() {
        return "Postern private";
    }

    @Override
    public String hello() {
        return "EHLO";
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", SMTP + offset);
    }

    @Override
    public InetSocketAddress pop3() {
        return new InetSocketAddress("127.0.0.1", POP3 + offset);
    }

    @Override
    public double cpuSeconds() throws IOException {
        return Processes.cpuSeconds(process.pid());
    }

    @Override
    public long residentMegabytes() throws IOException {
        return Processes.residentMegabytes(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing here is ever interrupted", e);
        }
    }
}
