package postern.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import postern.peers.PostfixInstance;

/// Postfix with Dovecot behind it, as docker-mailserver has them: SMTP in, its queue, LMTP into mailboxes.
final class PostfixDovecotPeer implements MailHost {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path queue;
    private final InetSocketAddress address;
    private final DovecotPeer dovecot;
    private final PostfixInstance postfix;

    /// @param directory an empty one that every user may enter
    /// @param at where Postfix listens, and Dovecot behind it
    PostfixDovecotPeer(Path directory, String at, String format) throws IOException {
        this.address = new InetSocketAddress(at, 2525);
        this.dovecot = new DovecotPeer(Files.createDirectory(directory.resolve("dovecot")), at, format, "always");
        Ports.awaitFree(address);
        Path place = Files.createDirectory(directory.resolve("postfix"));
        this.queue = place.resolve("spool");
        StringBuilder mailboxes = new StringBuilder();
        for (int i = 0; i < MAILBOXES; i++) {
            mailboxes.append(Dialect.user(i)).append(" x\n");
        }
        this.postfix = new PostfixInstance(
                place,
                at + ":2525",
                """
                compatibility_level = 3.6
                myhostname = mail.example.com
                mydestination = localhost
                mynetworks = 127.0.0.0/8
                smtpd_peername_lookup = no
                virtual_mailbox_domains = example.com
                virtual_mailbox_maps = hash:/etc/postfix/vmailbox
                virtual_transport = lmtp:inet:%s:%d
                """.formatted(at, dovecot.address().getPort()),
                Map.of("vmailbox", mailboxes.toString()));
    }

    @Override
    public String name() {
        return "Postfix + " + dovecot.name();
    }

    @Override
    public String hello() {
        return "EHLO";
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public InetSocketAddress pop3() {
        return dovecot.pop3();
    }

    @Override
    public long awaitDelivered(long lastAcceptance) throws IOException {
        long begun = System.nanoTime();
        while (!isEmpty()) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new IOException("Postfix's queue does not become empty");
            }
            Rest.millis(5);
        }
        return System.nanoTime();
    }

    private boolean isEmpty() throws IOException {
        for (String each : new String[] {"incoming", "active", "deferred", "maildrop"}) {
            try (Stream<Path> files = Files.walk(queue.resolve(each))) {
                if (files.anyMatch(Files::isRegularFile)) {
                    return false;
                }
            } catch (java.io.UncheckedIOException e) {
                // one went while it was looked at
                return false;
            }
        }
        return true;
    }

    @Override
    public double cpuSeconds() throws IOException {
        return Processes.cpuSeconds(postfix.masterPid()) + dovecot.cpuSeconds();
    }

    @Override
    public long residentMegabytes() throws IOException {
        return Processes.residentMegabytes(postfix.masterPid()) + dovecot.residentMegabytes();
    }

    @Override
    public void close() {
        postfix.close();
        dovecot.close();
    }
}
