package postern.net;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.net.Loopback.async;
import static postern.net.Loopback.await;
import static postern.net.Loopback.bytes;
import static postern.net.Loopback.read;
import static postern.net.Loopback.until;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Both ends are ours.
class TlsTest {
    private static final SelfSigned MX = Certificates.of("mx.example", "127.0.0.1");

    private final TestClock clock = new TestClock();
    private final Deadlines deadlines = new Deadlines(clock);

    private static ClientTls client(String protocol) {
        return new ClientTls(PeerCheck.none(), new TlsProtocols(List.of(protocol)), null, Runnable::run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sixteenMegabytesGoBothWaysAtOnceAndNoPacketIsKept(String protocol) throws Exception {
        try (Loopback pair = Loopback.openTls(
                deadlines, Certificates.server(MX), client(protocol).to("mx.example"))) {
            Bulk.bothWays(pair);
            assertThat(requireNonNull(pair.client().tls()).protocol()).isEqualTo(protocol);
            assertThat(Packets.lent()).isZero();
        }
    }

    @Test
    void theFactsAreThoseThatPostfixLogs() throws Exception {
        try (Loopback pair = Loopback.openTls(deadlines, Certificates.server(MX), Certificates.anyServer())) {
            TlsFacts server = requireNonNull(pair.server().tls());
            assertThat(server.protocol()).isEqualTo("TLSv1.3");
            assertThat(server.cipher()).isEqualTo("TLS_AES_256_GCM_SHA384");
            assertThat(server.bits()).isEqualTo(256);
            assertThat(server.serverName()).isEqualTo("mx.example");
            assertThat(server.peerCertificates()).isEmpty();
            TlsFacts client = requireNonNull(pair.client().tls());
            assertThat(client.peerCertificates()).containsExactly(MX.certificate());
            assertThat(client.verified()).isFalse();
        }
        try (Loopback pair = Loopback.openTls(
                deadlines, Certificates.server(MX), client("TLSv1.2").to(""))) {
            assertThat(requireNonNull(pair.server().tls()).cipher()).isEqualTo("ECDHE-ECDSA-AES256-GCM-SHA384");
            assertThat(requireNonNull(pair.server().tls()).serverName()).isEmpty();
        }
    }

    @Test
    void hundredsOfIdleConnectionsHoldNoPackets() throws Exception {
        ServerTls server = Certificates.server(MX);
        TlsSettings client = Certificates.anyServer();
        List<Loopback> pairs = new ArrayList<>();
        List<CompletableFuture<Integer>> reads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Loopback pair = Loopback.openTls(deadlines, server, client);
            pairs.add(pair);
            reads.add(async(() -> pair.server().read(ByteBuffer.allocate(512))));
        }
        until(() -> pairs.stream().allMatch(pair -> pair.server().waitsToRead()));
        assertThat(Packets.lent()).isZero();
        pairs.forEach(Loopback::close);
        for (CompletableFuture<Integer> read : reads) {
            assertThat(await(read)).isEqualTo(-1);
        }
    }

    /// A reader with a window of 512 bytes sees all of a record of 16 KB.
    @Test
    void whatDoesNotFitIsThereAtTheNextRead() throws Exception {
        try (Loopback pair = Loopback.openTls(deadlines, Certificates.server(MX), Certificates.anyServer())) {
            String text = "0123456789abcdef".repeat(1024);
            CompletableFuture<Boolean> written = async(() -> {
                pair.client().write(bytes(text));
                pair.client().write(bytes("!"));
                return true;
            });
            StringBuilder got = new StringBuilder();
            while (got.length() < text.length() + 1) {
                got.append(read(pair.server(), Math.min(500, text.length() + 1 - got.length())));
            }
            assertThat(got).hasToString(text + "!");
            await(written);
        }
    }

    @Test
    void aWaitingReadExpiresAndTheFarewellGoesOutUnderTls() throws Exception {
        try (Loopback pair = Loopback.openTls(deadlines, Certificates.server(MX), Certificates.anyServer())) {
            pair.server().deadline().in(Duration.ofMinutes(5));
            CompletableFuture<Integer> got = async(() -> pair.server().read(ByteBuffer.allocate(512)));
            until(pair.server()::waitsToRead);
            clock.advance(Duration.ofMinutes(5));
            deadlines.tick();
            assertThat(await(got)).isEqualTo(-1);
            pair.server().write(bytes("421 timeout"));
            assertThat(read(pair.client(), 11)).isEqualTo("421 timeout");
        }
    }

    @Test
    void aHandshakeThatThePeerDoesNotContinueTimesOut() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            pair.server().deadline().in(Duration.ofSeconds(30));
            CompletableFuture<Boolean> shaken = async(() -> {
                pair.server().startTls(Certificates.server(MX));
                return true;
            });
            until(pair.server()::waitsToRead);
            clock.advance(Duration.ofSeconds(30));
            deadlines.tick();
            assertThatThrownBy(() -> await(shaken)).cause().hasMessage("Connection timed out");
        }
    }

    @Test
    void aPeerThatSpeaksOrLeavesInsteadOfShakingHandsFails() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            pair.client().write(bytes("EHLO me\r\n"));
            assertThatThrownBy(() -> pair.server().startTls(Certificates.server(MX)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("wrong version number");
        }
        try (Loopback pair = Loopback.open(deadlines)) {
            pair.client().close();
            assertThatThrownBy(() -> pair.server().startTls(Certificates.server(MX)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("lost connection");
        }
        assertThat(Packets.lent()).isZero();
    }

    @Test
    void nothingInCommonFailsOnBothSides() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            ServerKeys keys = Certificates.keys(MX);
            CompletableFuture<Boolean> server = async(() -> {
                pair.server().startTls(new ServerTls(() -> keys, TlsProtocols.parse("TLSv1.2"), null, Runnable::run));
                return true;
            });
            assertThatThrownBy(() -> pair.client().startTls(client("TLSv1.3").to("mx.example")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("protocol_version");
            assertThatThrownBy(() -> await(server)).hasCauseInstanceOf(IOException.class);
        }
    }

    /// A close_notify ends the input; a byte in clear behind it is never data.
    @Test
    void afterTheEndOfTlsNothingIsRead() throws Exception {
        SocketChannel[] raw = new SocketChannel[1];
        try (Loopback pair = RawEnd.open(deadlines, raw)) {
            CompletableFuture<Boolean> server = async(() -> {
                pair.server().startTls(Certificates.server(MX));
                return true;
            });
            RawEnd end = new RawEnd(raw[0]);
            end.startTls(Certificates.anyServer());
            await(server);
            end.write("BDAT 10\r\nabc");
            end.sayGoodbye();
            end.inClear("defghij");
            assertThat(read(pair.server(), 12)).isEqualTo("BDAT 10\r\nabc");
            assertThat(pair.server().read(ByteBuffer.allocate(512))).isEqualTo(-1);
            assertThat(pair.server().read(ByteBuffer.allocate(512))).isEqualTo(-1);
        }
    }

    @Test
    void aByteInClearInTheMiddleBreaksTheConnection() throws Exception {
        SocketChannel[] raw = new SocketChannel[1];
        try (Loopback pair = RawEnd.open(deadlines, raw)) {
            CompletableFuture<Boolean> server = async(() -> {
                pair.server().startTls(Certificates.server(MX));
                return true;
            });
            RawEnd end = new RawEnd(raw[0]);
            end.startTls(Certificates.anyServer());
            await(server);
            end.inClear("QUIT\r\n");
            assertThatThrownBy(() -> pair.server().read(ByteBuffer.allocate(512)))
                    .isInstanceOf(IOException.class);
            assertThat(pair.server().read(ByteBuffer.allocate(512))).isEqualTo(-1);
        }
    }

    @Test
    void closingTellsThePeerAndNeverWaits() throws Exception {
        try (Loopback pair = Loopback.openTls(deadlines, Certificates.server(MX), Certificates.anyServer())) {
            pair.server().close();
            assertThat(pair.client().read(ByteBuffer.allocate(16))).isEqualTo(-1);
        }
        try (Loopback pair = Loopback.openTls(deadlines, Certificates.server(MX), Certificates.anyServer())) {
            // The peer reads nothing: the writer waits with the connection full to the brim.
            CompletableFuture<Boolean> written = async(() -> {
                pair.server().write(ByteBuffer.allocate(64 * 1024 * 1024));
                return true;
            });
            assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(1);
            pair.server().close();
            assertThatThrownBy(() -> await(written)).hasCauseInstanceOf(IOException.class);
        }
        until(() -> Packets.lent() == 0);
    }

    /// A handshake that resumes a session shows no certificate.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionsAreResumedAtTheirListenerAndRefusedAtAnother(String protocol) throws Exception {
        AtomicInteger checks = new AtomicInteger();
        PeerCheck counting = new PeerCheck() {
            @Override
            public void check(List<X509Certificate> chain) {
                checks.incrementAndGet();
            }

            @Override
            public Trust trust(List<X509Certificate> chain) {
                return Trust.VERIFIED;
            }
        };
        TlsSettings client =
                new ClientTls(counting, TlsProtocols.parse(protocol), null, Runnable::run).to("mx.example");
        ServerTls one = Certificates.server(MX);
        ServerTls other = Certificates.server(MX);
        try (SamePort listener = new SamePort(deadlines)) {
            listener.talk(one, client);
            listener.talk(one, client);
            listener.talk(one, client);
            assertThat(checks).as("full handshakes of three").hasValue(1);
            listener.talk(other, client);
            assertThat(checks).as("and one at the other listener").hasValue(2);
        }
    }

    @Test
    void theCertificateIsChosenByTheNameAskedFor() throws Exception {
        SelfSigned mail = Certificates.of("mail.example");
        ServerKeys keys = Certificates.keys(MX, mail);
        ServerTls server = new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run);
        for (String name : List.of("mail.example", "mx.example", "other.example")) {
            ClientTls client = new ClientTls(PeerCheck.none(), TlsProtocols.ALL, null, Runnable::run);
            try (Loopback pair = Loopback.openTls(deadlines, server, client.to(name))) {
                assertThat(requireNonNull(pair.client().tls()).peerCertificates())
                        .as("asked for %s", name)
                        .containsExactly((name.equals("mail.example") ? mail : MX).certificate());
            }
        }
    }

    /// A flood of names asked for leaves nothing behind: they are compared with those of the certificates, and
    /// kept nowhere.
    @Test
    void tenThousandNamesAskedForAreNotKept() throws Exception {
        ServerKeys keys = Certificates.keys(MX, Certificates.of("mail.example"));
        ServerTls server = new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run);
        ClientTls client = new ClientTls(PeerCheck.none(), TlsProtocols.ALL, null, Runnable::run);
        for (int i = 0; i < 10_000; i++) {
            String name = "n" + i + ".flood.example";
            assertThat(keys.choose(MX.key().getAlgorithm(), name))
                    .isEqualTo(keys.identities().getFirst());
            if (i % 500 == 0) {
                Loopback.openTls(deadlines, server, client.to(name)).close();
            }
        }
        until(() -> deadlines.size() == 0);
        assertThat(Packets.lent()).isZero();
    }

    @Test
    void aRenewedCertificateIsShownToTheNextClient() throws Exception {
        SelfSigned renewed = Certificates.of("mx.example");
        ServerKeys[] keys = {Certificates.keys(MX)};
        ServerTls server = new ServerTls(() -> keys[0], TlsProtocols.ALL, null, Runnable::run);
        Loopback before = Loopback.openTls(deadlines, server, Certificates.anyServer());
        keys[0] = Certificates.keys(renewed);
        try (before;
                Loopback after = Loopback.openTls(deadlines, server, Certificates.anyServer())) {
            assertThat(requireNonNull(after.client().tls()).peerCertificates()).containsExactly(renewed.certificate());
            before.client().write(bytes("still here"));
            assertThat(read(before.server(), 10)).isEqualTo("still here");
        }
    }

    @Test
    void aClientShowsItsCertificateWhenAskedToAndIsTrustedByWhoVouchesForIt(@TempDir Path directory) throws Exception {
        SelfSigned own = Certificates.of("client.example");
        ServerKeys keys = Certificates.keys(MX);
        ClientTls client = new ClientTls(PeerCheck.none(), TlsProtocols.ALL, Certificates.keys(own), Runnable::run);
        for (Trust trust : List.of(Trust.UNTRUSTED, Trust.TRUSTED)) {
            SelfSigned known = trust == Trust.TRUSTED ? own : MX;
            PeerCheck clients = PeerCheck.clients(
                    TrustAnchors.of(Certificates.write(directory.resolve("ca.pem"), known.certificatePem()), null));
            ServerTls asking = new ServerTls(() -> keys, TlsProtocols.ALL, clients, Runnable::run);
            try (Loopback pair = Loopback.openTls(deadlines, asking, client.to("mx.example"))) {
                TlsFacts facts = requireNonNull(pair.server().tls());
                assertThat(facts.peerCertificates()).containsExactly(own.certificate());
                assertThat(facts.trust()).isEqualTo(trust);
                assertThat(facts.verified()).isFalse();
            }
        }
    }

    /// A flood of handshakes takes so many threads as the pool has, and no carrier of virtual threads.
    @Test
    void handshakesRunOnThePoolOnly() throws Exception {
        ServerKeys keys = Certificates.keys(MX);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService pool = HandshakePool.open(2)) {
            Executor counting = task -> pool.execute(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                threads.add((Thread.currentThread().isVirtual() ? "virtual " : "")
                        + Thread.currentThread().getName());
                task.run();
                running.decrementAndGet();
            });
            Set<String> signers = ConcurrentHashMap.newKeySet();
            ServerTls server = new ServerTls(
                    () -> {
                        signers.add(Thread.currentThread().getName());
                        return keys;
                    },
                    TlsProtocols.ALL,
                    null,
                    counting);
            signers.clear();
            List<Loopback> pairs = new ArrayList<>();
            List<CompletableFuture<Boolean>> handshakes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Loopback pair = Loopback.open(deadlines);
                pairs.add(pair);
                ClientTls client = new ClientTls(PeerCheck.none(), TlsProtocols.ALL, null, counting);
                handshakes.add(Loopback.async(() -> {
                    pair.server().startTls(server);
                    return true;
                }));
                handshakes.add(Loopback.async(() -> {
                    pair.client().startTls(client.to("mx.example"));
                    return true;
                }));
            }
            for (CompletableFuture<Boolean> handshake : handshakes) {
                assertThat(Loopback.await(handshake)).isTrue();
            }
            pairs.forEach(Loopback::close);
            assertThat(signers).isNotEmpty().isSubsetOf("tls-1", "tls-2");
        }
        assertThat(threads).isSubsetOf("tls-1", "tls-2");
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }
}
