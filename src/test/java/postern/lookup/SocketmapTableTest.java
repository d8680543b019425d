package postern.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.net.Connection;
import postern.net.Deadline;
import postern.net.Dialer;
import postern.net.Endpoint;
import postern.net.TlsFacts;
import postern.net.TlsSettings;

class SocketmapTableTest {
    private static final String SPEC = "socketmap:inet:127.0.0.1:7777:virtual";

    private final Clock clock = new Clock();
    private final List<String> logged = new ArrayList<>();
    private final List<Scripted> dialed = new ArrayList<>();
    private final Deque<String> scripts = new ArrayDeque<>();

    /// A connection that says what a script holds, and then ends.
    private static final class Scripted implements Connection {
        private final Endpoint peer;
        private final ByteBuffer replies;
        private final StringBuilder heard = new StringBuilder();
        private boolean closed;

        Scripted(Endpoint peer, String replies) {
            this.peer = peer;
            this.replies = ByteBuffer.wrap(replies.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int read(ByteBuffer into) {
            int count = Math.min(Math.min(into.remaining(), replies.remaining()), 3);
            into.put(replies.slice(replies.position(), count));
            replies.position(replies.position() + count);
            return count == 0 ? -1 : count;
        }

        @Override
        public void write(ByteBuffer bytes) {
            heard.append(StandardCharsets.UTF_8.decode(bytes));
        }

        @Override
        public Endpoint peer() {
            return peer;
        }

        @Override
        public Endpoint local() {
            return peer;
        }

        @Override
        public @Nullable TlsFacts tls() {
            return null;
        }

        @Override
        public void startTls(TlsSettings settings) throws IOException {
            throw new IOException("no TLS");
        }

        @Override
        public Deadline deadline() {
            return new Deadline() {
                @Override
                public void in(Duration time) {}

                @Override
                public void never() {}

                @Override
                public boolean expired() {
                    return false;
                }
            };
        }

        @Override
        public void shutdownInput() {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private Tables tables(String... replies) {
        scripts.addAll(List.of(replies));
        Dialer dialer = (to, from, timeout) -> {
            String script = scripts.pollFirst();
            if (script == null) {
                throw new IOException("Connection refused");
            }
            Scripted made = new Scripted(to, script);
            dialed.add(made);
            return made;
        };
        MailLog log = (service, text) -> logged.add(text);
        return new Tables(new TableContext(
                MainCf.of(Path.of("/nowhere"), Map.of("queue_directory", "/var/spool/postfix")), log, dialer, clock));
    }

    @Test
    void oneConnectionAnswersManyQuestions() {
        Table table = tables("10:OK a,b@c d,9:NOTFOUND ,3:OK ,").open(SPEC);
        assertThat(table.find("ü x")).isEqualTo(new Lookup.Found("a,b@c d"));
        assertThat(table.find("no")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(table.find("empty")).isEqualTo(new Lookup.Found(""));
        assertThat(dialed).hasSize(1);
        assertThat(dialed.getFirst().heard.toString()).isEqualTo("12:virtual ü x,10:virtual no,13:virtual empty,");
        assertThat(dialed.getFirst().peer.port()).isEqualTo(7777);
    }

    @Test
    void aConnectionThatTheServerClosedIsReplacedOnce() {
        Table table = tables("4:OK 1,", "4:OK 2,").open(SPEC);
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("1"));
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("2"));
        assertThat(table.find("a")).isInstanceOf(Lookup.TempFail.class);
        assertThat(dialed).hasSize(2).allMatch(each -> each.closed);
    }

    @Test
    void anIdleConnectionIsNotUsedAgain() {
        Table table = tables("4:OK 1,4:OK x,", "4:OK 2,").open(SPEC);
        table.find("a");
        clock.advance(Duration.ofSeconds(11));
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("2"));
        assertThat(dialed.getFirst().closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5:OK",
                "3:OK x,",
                "100001:OK ",
                "999999999999:",
                ":",
                "-1:,",
                "x",
                "8:TEMP why,",
                "11:TIMEOUT why,",
                "8:PERM why,",
                "7:WHAT is,",
                "0:,"
            })
    void whatIsNoAnswerFailsForNow(String reply) {
        Table table = tables(reply).open(SPEC);
        assertThat(table.find("a")).isInstanceOf(Lookup.TempFail.class);
        assertThat(logged).singleElement().asString().startsWith("warning: ").contains(SPEC);
    }

    @Test
    void theServersTextCannotForgeLogLines() {
        Table table = tables("12:TEMP a\r\nb\0c\t,").open(SPEC);
        table.find("a");
        assertThat(logged).containsExactly("warning: " + SPEC + " socketmap server temporary error: a??b?c");
    }

    @Test
    void unixSocketsAreRelativeToTheQueueDirectory() {
        Tables tables = tables("4:OK 1,", "4:OK 2,");
        assertThat(tables.open("socketmap:unix:/run/x:name").find("a")).isEqualTo(new Lookup.Found("1"));
        assertThat(tables.open("socketmap:unix:private/x:name").find("a")).isEqualTo(new Lookup.Found("2"));
        assertThat(dialed)
                .extracting(each -> each.peer.unixPath())
                .containsExactly("/run/x", "/var/spool/postfix/private/x");
    }

    @Test
    void closingTheTablesClosesWhatIsKept() {
        Tables tables = tables("4:OK 1,", "4:OK 2,");
        Table table = tables.open(SPEC);
        table.find("a");
        tables.close();
        assertThat(dialed.getFirst().closed).isTrue();
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("2"));
        assertThat(dialed.getLast().closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socketmap:x", "socketmap:inet:x", "socketmap:inet:host:name", "socketmap:inet:host:0:name",
                "socketmap:inet:host:smtp:name", "socketmap:inet::25:name", "socketmap:unix::name",
                        "socketmap:inet:h:25:"
            })
    void whatIsNoServerIsRefused(String spec) {
        Tables tables = tables();
        assertThatThrownBy(() -> tables.open(spec))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(spec);
    }
}
