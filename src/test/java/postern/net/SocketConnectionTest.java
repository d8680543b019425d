package postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.net.Loopback.async;
import static postern.net.Loopback.await;
import static postern.net.Loopback.bytes;
import static postern.net.Loopback.read;
import static postern.net.Loopback.until;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketConnectionTest {
    private final TestClock clock = new TestClock();
    private final Deadlines deadlines = new Deadlines(clock);

    private void pass(Duration time) {
        clock.advance(time);
        deadlines.tick();
    }

    @Test
    void bytesGoBothWaysAndEachEndKnowsTheOther() throws IOException {
        try (Loopback pair = Loopback.open(deadlines)) {
            pair.client().write(bytes("EHLO me\r\n"));
            assertThat(read(pair.server(), 9)).isEqualTo("EHLO me\r\n");
            pair.server().write(bytes("250 mx"));
            assertThat(read(pair.client(), 6)).isEqualTo("250 mx");
            assertThat(pair.server().peer()).isEqualTo(pair.client().local());
            assertThat(pair.server().local().text()).isEqualTo("127.0.0.1");
            assertThat(pair.server().tls()).isNull();
        }
    }

    @Test
    void aReadThatWaitsTooLongEndsAndTheFarewellStillArrives() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            pair.server().deadline().in(Duration.ofMinutes(5));
            CompletableFuture<Integer> got = async(() -> pair.server().read(ByteBuffer.allocate(512)));
            until(pair.server()::waitsToRead);
            pass(Duration.ofSeconds(299));
            assertThat(got).isNotDone();
            pass(Duration.ofSeconds(1));
            assertThat(await(got)).isEqualTo(-1);
            assertThat(pair.server().deadline().expired()).isTrue();
            pair.server().write(bytes("421 timeout"));
            assertThat(read(pair.client(), 11)).isEqualTo("421 timeout");
        }
    }

    @Test
    void aPeerThatSendsSingleBytesDoesNotOutliveTheDeadline() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            pair.server().deadline().in(Duration.ofSeconds(10));
            for (int i = 0; i < 10; i++) {
                pair.client().write(bytes("x"));
                assertThat(pair.server().read(ByteBuffer.allocate(512))).isEqualTo(1);
                clock.advance(Duration.ofSeconds(1));
            }
            pair.client().write(bytes("x"));
            assertThat(pair.server().read(ByteBuffer.allocate(512))).isEqualTo(-1);
            assertThat(pair.server().deadline().expired()).isTrue();
        }
    }

    @Test
    void aSessionThatWorkedLongerThanItsLastDeadlineGoesOnWithTheNext() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            pair.server().deadline().in(Duration.ofSeconds(10));
            pass(Duration.ofSeconds(60));
            pair.server().deadline().in(Duration.ofSeconds(10));
            pair.client().write(bytes("x"));
            assertThat(pair.server().read(ByteBuffer.allocate(512))).isEqualTo(1);
            assertThat(pair.server().deadline().expired()).isFalse();
        }
    }

    @Test
    void aWriteThatWaitsTooLongClosesTheConnection() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            pair.server().deadline().in(Duration.ofSeconds(10));
            CompletableFuture<Boolean> written = async(() -> {
                pair.server().write(ByteBuffer.allocate(64 * 1024 * 1024));
                return true;
            });
            assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(1);
            // The peer reads no more; the buffers of the kernel fill up.
            pass(Duration.ofSeconds(9));
            assertThat(written).isNotDone();
            until(() -> {
                pass(Duration.ofSeconds(1));
                return written.isDone();
            });
            assertThatThrownBy(() -> await(written)).hasRootCauseInstanceOf(IOException.class);
            assertThatThrownBy(() -> await(written)).cause().hasMessage("Connection timed out");
        }
    }

    @Test
    void afterHalfCloseThePeerStillGetsItsAnswer() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            pair.client().write(bytes("QUIT"));
            pair.server().shutdownInput();
            CompletableFuture<Integer> got = async(() -> pair.client().read(ByteBuffer.allocate(512)));
            until(pair.client()::waitsToRead);
            pair.client().shutdownInput();
            assertThat(await(got)).isEqualTo(-1);
            assertThat(pair.client().deadline().expired()).isFalse();
            pair.client().write(bytes("more"));
        }
    }

    @Test
    void closingFromAnotherThreadEndsAWaitingRead() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            CompletableFuture<Integer> got = async(() -> pair.server().read(ByteBuffer.allocate(512)));
            until(pair.server()::waitsToRead);
            pair.server().close();
            assertThat(await(got)).isEqualTo(-1);
        }
    }

    @Test
    void closedConnectionsAreForgotten() throws Exception {
        Loopback pair = Loopback.open(deadlines);
        assertThat(deadlines.size()).isEqualTo(2);
        pair.close();
        pair.close();
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void unixSocketsAreConnectionsToo(@TempDir Path directory) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("lmtp"));
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(address);
            Dialer dialer = new DirectDialer(deadlines);
            try (Connection client =
                            dialer.dial(Endpoint.unix(address.getPath().toString()), null, Duration.ofSeconds(5));
                    Connection server = new SocketConnection(listening.accept(), deadlines)) {
                client.write(bytes("LHLO"));
                assertThat(read(server, 4)).isEqualTo("LHLO");
                assertThat(client.peer().unixPath()).endsWith("lmtp");
            }
        }
    }

    @Test
    void sixteenMegabytesGoBothWaysAtOnce() throws Exception {
        try (Loopback pair = Loopback.open(deadlines)) {
            Bulk.bothWays(pair);
        }
    }

    @Test
    void theDeadlinesThreadEndsReadsByItself() throws Exception {
        try (Deadlines running = new Deadlines(new Uptime()).start();
                Loopback pair = Loopback.open(running)) {
            pair.server().deadline().in(Duration.ofMillis(100));
            CompletableFuture<Integer> got = async(() -> pair.server().read(ByteBuffer.allocate(512)));
            assertThat(await(got)).isEqualTo(-1);
            assertThat(pair.server().deadline().expired()).isTrue();
        }
    }

    @Test
    void aChannelThatIsNotConnectedIsNoConnection() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            assertThatThrownBy(() -> new SocketConnection(channel, deadlines))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
