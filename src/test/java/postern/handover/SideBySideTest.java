package postern.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.cleanup.Outlet;
import postern.dns.SilentResolver;
import postern.net.Connection;
import postern.net.Dialer;
import postern.net.Endpoint;
import postern.smtp.Params;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.client.ScriptedPeer;

/// Recipients that a client sends in one piece: their next hops are asked side by side, and answered for in
/// the client's order.
class SideBySideTest {
    private static final String ASKED = """
            S: 220 mx.example ESMTP
            C: EHLO mail.example
            S: 250-mx.example
            S: 250 PIPELINING
            C: MAIL FROM:<a@sender.example>
            C: RCPT TO:<bob@%s>
            S: 250 2.1.0 Ok
            """;
    private static final String TAKEN = ASKED + """
            S: 250 2.1.5 %s
            C: DATA
            S: 354 go
            C. text
            S: 250 2.0.0 taken
            C: QUIT
            """;
    private static final String REFUSED = ASKED + """
            S: 550 5.1.1 %s
            C: RSET
            S: 250 Ok
            C: QUIT
            """;

    private final Crossing crossing = new Crossing();
    private final Hosts hosts = new Hosts();

    /// The host of each script; all others swallow what they are sent.
    private static final class Hosts implements Dialer {
        final Map<String, ScriptedPeer> scripts = new ConcurrentHashMap<>();
        final List<Duration> given = new ArrayList<>();
        CyclicBarrier swallowed = new CyclicBarrier(1);

        /// Those that swallow do so until as many as are to be are at it.
        @Override
        public Connection dial(Endpoint to, @Nullable Endpoint from, Duration timeout) throws IOException {
            ScriptedPeer script = scripts.get(to.text());
            if (script != null) {
                return script.dial(to, from, timeout);
            }
            synchronized (given) {
                given.add(timeout);
            }
            try {
                swallowed.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("they are not asked side by side", e);
            }
            throw new IOException("Connection timed out");
        }
    }

    @AfterEach
    void everyScriptWasPlayed() throws InterruptedException {
        for (ScriptedPeer script : hosts.scripts.values()) {
            assertThat(script.errors()).isEmpty();
        }
    }

    @Test
    void threeOfTenThatSwallowHoldUpNobody() {
        crossing.set("postern_handover_rcpt_timeout", "20s").notOurs();
        hosts.swallowed = new CyclicBarrier(3);
        for (int i : List.of(1, 3, 4, 6, 7, 9)) {
            plays(i, TAKEN);
        }
        plays(10, REFUSED);
        Outlet message = open();
        List<Supplier<Reply>> asked = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            asked.add(ask(message, i));
        }
        String away = "451 4.4.1 Next hop is not available, try again later";
        assertThat(asked.stream().map(answer -> answer.get().toString()))
                .containsExactly(
                        "250 2.1.5 h1.example",
                        away,
                        "250 2.1.5 h3.example",
                        "250 2.1.5 h4.example",
                        away,
                        "250 2.1.5 h6.example",
                        "250 2.1.5 h7.example",
                        away,
                        "250 2.1.5 h9.example",
                        "550 5.1.1 h10.example");
        assertThat(hosts.given).hasSize(3).allMatch(time -> time.compareTo(Duration.ofSeconds(20)) <= 0);
        assertThat(Crossing.writeAndCommit(message, Crossing.TEXT)).isEqualTo("250 2.0.0 Ok: taken for 6 recipients");
    }

    /// The time counts from when they were offered: ten of one next hop that is away are one wait.
    @Test
    void recipientsOfOneNextHopShareItsTime() {
        crossing.set("postern_handover_rcpt_timeout", "0s");
        Outlet message = open();
        List<Supplier<Reply>> asked =
                List.of(ask(message, 5), ask(message, "eve@h5.example"), ask(message, "sam@h5.example"));
        assertThat(asked).allMatch(answer -> answer.get().code() == 451);
        message.abort();
    }

    @Test
    void silentNameServersTakeNoMoreThanTheTimeThereIs() {
        try (SilentResolver silent = new SilentResolver()) {
            crossing.setup.asks(silent);
            crossing.set("postern_handover_rcpt_timeout", "1s");
            Outlet message = open();
            List<Supplier<Reply>> asked = List.of(ask(message, 1), ask(message, "eve@h1.example"));
            assertThat(asked).allMatch(answer -> answer.get().toString().startsWith("451 4.4."));
            // the second recipient's time began a moment after the first's
            assertThat(silent.asked()).isBetween(1, 2);
            message.abort();
        }
    }

    @Test
    void recipientsOfOneNextHopAreAskedInTheirOrder() {
        plays(1, ASKED + """
                S: 250 2.1.5 first
                C: RCPT TO:<eve@h1.example>
                S: 550 5.1.1 second
                C: RCPT TO:<sam@h1.example>
                S: 250 2.1.5 third
                C: RSET
                S: 250 Ok
                C: QUIT
                """);
        Outlet message = open();
        List<Supplier<Reply>> asked =
                List.of(ask(message, 1), ask(message, "eve@h1.example"), ask(message, "sam@h1.example"));
        assertThat(asked.stream().map(answer -> answer.get().toString()))
                .containsExactly("250 2.1.5 first", "550 5.1.1 second", "250 2.1.5 third");
        message.abort();
    }

    @Test
    void oneWhoComesTwiceIsAskedAboutOnce() {
        plays(1, ASKED + "S: 250 2.1.5 %s\nC: RSET\nS: 250 Ok\nC: QUIT\n");
        Outlet message = open();
        List<Supplier<Reply>> asked = List.of(ask(message, 1), ask(message, 1));
        assertThat(asked.stream().map(answer -> answer.get().toString()))
                .containsExactly("250 2.1.5 [next-hop]", "250 2.1.5 Ok");
        message.abort();
    }

    /// Whether one of another next hop of ours may come in the same message hangs on the answers before.
    @Test
    void oneTransactionGoesToOneNextHopOfOurs() {
        plays(1, REFUSED);
        plays(2, ASKED + "S: 250 2.1.5 %s\nC: RSET\nS: 250 Ok\nC: QUIT\n");
        Outlet message = open();
        List<Supplier<Reply>> asked = List.of(ask(message, 1), ask(message, 2), ask(message, 1));
        assertThat(asked.stream().map(answer -> answer.get().toString().substring(0, 9)))
                .containsExactly("550 5.1.1", "250 2.1.5", "452 4.5.3");
        message.abort();
    }

    private void plays(int host, String script) {
        String name = "h" + host + ".example";
        hosts.scripts.put("192.0.2." + host, new ScriptedPeer(script.formatted(name, name)));
    }

    private Outlet open() {
        for (int i = 1; i <= 10; i++) {
            crossing.setup.dns().add("h%d.example A 192.0.2.%d".formatted(i, i));
        }
        return Crossing.open(crossing.to(hosts));
    }

    private static Supplier<Reply> ask(Outlet message, int host) {
        return ask(message, "bob@h" + host + ".example");
    }

    private static Supplier<Reply> ask(Outlet message, String recipient) {
        return message.ask(List.of(new Recipient(Address.ofInternal(recipient), Params.NONE)));
    }
}
