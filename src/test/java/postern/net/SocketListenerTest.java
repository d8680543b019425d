package postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.net.Loopback.async;
import static postern.net.Loopback.await;
import static postern.net.Loopback.bytes;
import static postern.net.Loopback.read;
import static postern.net.Loopback.until;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SocketListenerTest {
    private final TestClock clock = new TestClock();
    private final Deadlines deadlines = new Deadlines(clock);
    private final Dialer dialer = new DirectDialer(deadlines);
    private final ConcurrentLinkedQueue<String> warnings = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private SocketListener listen(int most, Listener.Session session) throws IOException {
        SocketListener listener = new SocketListener(
                        new InetSocketAddress(Loopback.HOST, 0), most, deadlines, session, warnings::add)
                .start();
        opened.add(listener);
        return listener;
    }

    private Connection dial(Listener listener) throws IOException {
        Connection connection = dialer.dial(listener.local(), null, Duration.ofSeconds(5));
        opened.add(connection);
        return connection;
    }

    private static void echo(Connection connection) {
        ByteBuffer buffer = ByteBuffer.allocate(512);
        try {
            while (connection.read(buffer) >= 0) {
                connection.write(buffer.flip());
                buffer.clear();
            }
        } catch (IOException e) {
            // The peer left.
        }
    }

    @Test
    void eachConnectionGetsAVirtualThreadAndIsClosedAfterwards() throws Exception {
        AtomicInteger virtual = new AtomicInteger();
        SocketListener listener = listen(10, connection -> {
            virtual.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
            echo(connection);
        });
        Connection client = dial(listener);
        client.write(bytes("hello"));
        assertThat(read(client, 5)).isEqualTo("hello");
        assertThat(virtual).hasValue(1);
        client.close();
        until(() -> listener.open().isEmpty());
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void pastTheMostConnectionsOthersWait() throws Exception {
        SocketListener listener = listen(1, SocketListenerTest::echo);
        Connection first = dial(listener);
        first.write(bytes("1"));
        assertThat(read(first, 1)).isEqualTo("1");
        Connection second = dial(listener);
        second.write(bytes("2"));
        CompletableFuture<String> answer = async(() -> read(second, 1));
        assertThat(listener.open()).hasSize(1);
        assertThat(answer).isNotDone();
        first.close();
        assertThat(await(answer)).isEqualTo("2");
    }

    /// Two thousand strangers who say nothing, and never leave: some have a place, 1024 wait, the others are sent
    /// away. Who is preferred is served all the same.
    @Test
    void strangersWhoHoldOnKeepNobodyOutWhoIsPreferred() throws Exception {
        SocketListener listener = listen(20, new Listener.Session() {
            @Override
            public void serve(Connection connection) {
                echo(connection);
            }

            @Override
            public boolean prefers(Endpoint peer) {
                return peer.text().equals("127.0.0.9");
            }
        });
        List<Connection> strangers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            Connection stranger = dialer.dial(listener.local(), from("127.0.1." + (1 + i % 9)), Duration.ofSeconds(60));
            opened.add(stranger);
            strangers.add(stranger);
        }
        until(() -> !warnings.isEmpty());
        until(() -> listener.open().size() == 18);
        for (int i = 0; i < 20; i++) {
            try (Connection own = dialer.dial(listener.local(), from("127.0.0.9"), Duration.ofSeconds(60))) {
                own.write(bytes("own"));
                assertThat(read(own, 3)).isEqualTo("own");
            }
        }
        assertThat(warnings).singleElement().asString().contains("1024 wait already; sent away [127.0.1.");
        for (Connection stranger : strangers) {
            stranger.close();
        }
        Connection next = dial(listener);
        next.write(bytes("next"));
        assertThat(read(next, 4)).isEqualTo("next");
    }

    /// Who still waits when the listener is closed is not served any more.
    @Test
    void whoWaitsForAPlaceIsLetGoWhenTheListenerIsClosed() throws Exception {
        SocketListener listener = listen(1, SocketListenerTest::echo);
        Connection first = dial(listener);
        first.write(bytes("1"));
        assertThat(read(first, 1)).isEqualTo("1");
        Connection second = dial(listener);
        listener.close();
        first.close();
        assertThat(isEnded(second)).isTrue();
    }

    private boolean isRefused(SocketListener listener) {
        try {
            dial(listener).close();
            return false;
        } catch (IOException e) {
            return "Connection refused".equals(e.getMessage());
        }
    }

    /// A client of IPv4 that comes to a socket for both families is the one of its IPv4 address: `::ffff:127.0.0.1`
    /// gets no rights and no counters of its own.
    @Test
    void aMappedClientOfADualStackListenerHasItsIpv4Address() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "this machine has no IPv6");
        CompletableFuture<Endpoint> seen = new CompletableFuture<>();
        SocketListener listener = new SocketListener(
                        new InetSocketAddress(InetAddress.ofLiteral("::"), 0),
                        10,
                        deadlines,
                        connection -> seen.complete(connection.peer()),
                        warnings::add)
                .start();
        opened.add(listener);
        Endpoint to =
                Endpoint.of(InetAddress.ofLiteral("127.0.0.1"), listener.local().port());
        try (Connection client = dialer.dial(to, null, Duration.ofSeconds(30))) {
            assertThat(client.peer().text()).isEqualTo("127.0.0.1");
            assertThat(await(seen).address()).isInstanceOf(Inet4Address.class);
            assertThat(await(seen).text()).isEqualTo("127.0.0.1");
        }
    }

    private static boolean isEnded(Connection connection) {
        try {
            return connection.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            // it had not been accepted yet
            return true;
        }
    }

    private static Endpoint from(String address) {
        return Endpoint.of(InetAddress.ofLiteral(address), 0);
    }

    @Test
    void whoOnlyWaitsIsAskedToEndAndCanSayGoodbye() throws Exception {
        SocketListener listener = listen(10, connection -> {
            echo(connection);
            try {
                connection.write(bytes("421"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Connection client = dial(listener);
        until(() -> listener.open().stream().anyMatch(SocketConnection::waitsToRead));
        listener.close();
        listener.endWaiting();
        assertThat(read(client, 4)).isEqualTo("421");
    }

    @Test
    void openConnectionsLiveOnAfterTheListenerIsClosed() throws Exception {
        SocketListener listener = listen(10, SocketListenerTest::echo);
        Connection client = dial(listener);
        client.write(bytes("a"));
        assertThat(read(client, 1)).isEqualTo("a");
        listener.close();
        client.write(bytes("b"));
        assertThat(read(client, 1)).isEqualTo("b");
        // the socket is gone as soon as the thread that accepts has left it
        until(() -> isRefused(listener));
    }

    @Test
    void aThousandIdleConnectionsHoldNoPackets() throws Exception {
        SocketListener listener = listen(2000, SocketListenerTest::echo);
        for (int i = 0; i < 1000; i++) {
            dial(listener);
        }
        until(() ->
                listener.open().stream().filter(SocketConnection::waitsToRead).count() == 1000);
        assertThat(Packets.lent()).isZero();
    }

    @Test
    void whenAcceptingFailsItBacksOffAndWarnsOnceAMinute() throws Exception {
        SocketListener listener = listen(10, SocketListenerTest::echo);
        AtomicInteger tries = new AtomicInteger();
        List<Long> times = new ArrayList<>();
        listener.acceptAll(() -> {
            times.add(System.nanoTime());
            if (tries.incrementAndGet() == 4) {
                throw new java.nio.channels.ClosedChannelException();
            }
            if (tries.get() == 3) {
                clock.advance(Duration.ofMinutes(1));
            }
            throw new IOException("Too many open files");
        });
        assertThat(Duration.ofNanos(times.getLast() - times.getFirst())).isGreaterThan(Duration.ofMillis(300));
        assertThat(warnings)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("accept connection on [")
                        .endsWith("]:" + listener.local().port() + ": Too many open files"));
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        SocketListener listener = listen(1, SocketListenerTest::echo);
        int port = listener.local().port();
        assertThatThrownBy(() -> new SocketListener(
                        new InetSocketAddress(Loopback.HOST, port),
                        1,
                        deadlines,
                        SocketListenerTest::echo,
                        warnings::add))
                .hasMessage("bind 127.0.0.1 port " + port + ": Address already in use");
    }

    @Test
    void aDialThatTakesTooLongTimesOut() throws Exception {
        // A listener that never accepts, with its queue full: the next connect waits.
        try (var full = java.nio.channels.ServerSocketChannel.open()) {
            full.bind(new InetSocketAddress(Loopback.HOST, 0), 1);
            Endpoint to = Endpoint.of((InetSocketAddress) full.getLocalAddress());
            List<CompletableFuture<Connection>> dials = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                dials.add(async(() -> dialer.dial(to, null, Duration.ofSeconds(30))));
            }
            until(() -> {
                clock.advance(Duration.ofSeconds(10));
                deadlines.tick();
                return dials.stream().allMatch(CompletableFuture::isDone);
            });
            List<String> messages = new ArrayList<>();
            for (CompletableFuture<Connection> dial : dials) {
                if (dial.isCompletedExceptionally()) {
                    messages.add(String.valueOf(dial.exceptionNow().getMessage()));
                } else {
                    dial.resultNow().close();
                }
            }
            assertThat(messages).isNotEmpty().containsOnly("Connection timed out");
            assertThat(deadlines.size()).isZero();
        }
    }
}
