package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// A next hop that is down slows nobody: its mail is deferred, not active.
class DeadDestinationTest {
    private final PostOffice office = new PostOffice();

    private void kill(String domain) {
        office.agent = request ->
                request.nextHop().equals(domain) ? PostOffice.unreachable(request) : PostOffice.sent(request);
        for (int i = 0; i < 4; i++) {
            office.arrive("a@example.net", "u" + i + "@" + domain);
            office.deliverAll();
        }
    }

    @Test
    void whatWaitsIsDeferredWithTheReasonWhenACohortHasFailed() {
        office.agent = PostOffice::unreachable;
        for (int i = 0; i < 100; i++) {
            office.arrive("a@example.net", "u" + i + "@down.example");
        }
        assertThat(office.started).hasSize(5);
        office.deliverAll();
        assertThat(office.delivered).hasSize(5);
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(100, 0, 0));
        assertThat(office.logged("error: "))
                .hasSize(95)
                .allSatisfy(line -> assertThat(line)
                        .endsWith(
                                "relay=none, delay=0, delays=0/0/0/0, dsn=4.4.1, status=deferred (delivery temporarily"
                                        + " suspended: connect to mx.example.com[192.0.2.25]:25: Connection refused)"));
    }

    @Test
    void newMailForItIsDeferredAtOnceAndHoldsNobodyBack() {
        kill("down.example");
        Mail mail = office.committed("a@example.net", "late@down.example");
        InFlow inFlow = office.scheduler().take(mail);
        assertThat(inFlow.isOpen()).isTrue();
        assertThat(office.started).isEmpty();
        Queued queued = office.queue.read(mail.id());
        assertThat(queued).isNotNull();
        assertThat(queued.reasons().getFirst()).startsWith("delivery temporarily suspended: connect to");
        assertThat(queued.due()).isAfterOrEqualTo(office.now.plusSeconds(300));
    }

    @Test
    void mailForElsewhereGoesOn() {
        kill("down.example");
        office.delivered.clear();
        office.arrive("a@example.net", "b@up.example", "c@down.example");
        office.deliverAll();
        assertThat(office.delivered).extracting(DeliveryRequest::nextHop).containsExactly("up.example");
    }

    @Test
    void itIsTriedAgainAfterTheMinimalBackOff() {
        kill("down.example");
        office.delivered.clear();
        office.advance(Duration.ofSeconds(299));
        office.arrive("a@example.net", "b@down.example");
        assertThat(office.started).isEmpty();
        office.advance(Duration.ofSeconds(1));
        office.arrive("a@example.net", "c@down.example");
        assertThat(office.started).hasSize(1);
    }

    /// As `postqueue -f` and `postqueue -s`: the administrator knows that the host is back.
    @Test
    void operatorsFlushEndsTheRest() {
        kill("down.example");
        office.arrive("a@example.net", "b@down.example");
        assertThat(office.started).isEmpty();
        office.delivered.clear();
        office.agent = PostOffice::sent;
        office.scheduler().flush("down.example");
        office.scheduler().fetch();
        office.deliverAll();
        assertThat(office.delivered).hasSize(5);
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    @Test
    void firstDeliveryAfterwardsFlushesWhatWaitsForIt() {
        kill("down.example");
        office.advance(Duration.ofSeconds(299));
        for (int i = 0; i < 50; i++) {
            office.arrive("a@example.net", "late" + i + "@down.example");
        }
        office.advance(Duration.ofSeconds(1));
        office.agent = PostOffice::sent;
        office.delivered.clear();
        office.arrive("a@example.net", "b@down.example");
        office.deliverAll();
        assertThat(office.queue.nextDue()).isEqualTo(office.now);
        office.scheduler().fetch();
        assertThat(office.started.size()).as("gently: no more than the window").isLessThanOrEqualTo(6);
        office.deliverAll();
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    @Test
    void flappingDestinationFlushesNoMoreThanOncePerBackOff() {
        office.agent = PostOffice::unreachable;
        office.arrive("a@example.net", "waits@flap.example");
        office.deliverAll();
        office.agent = PostOffice::sent;
        office.arrive("a@example.net", "b@flap.example");
        office.deliverAll();
        assertThat(office.queue.nextDue()).isEqualTo(office.now);
        office.agent = PostOffice::unreachable;
        office.advance(Duration.ofSeconds(10));
        office.scheduler().fetch();
        office.deliverAll();
        Instant waitsUntil = office.queue.nextDue();
        office.agent = PostOffice::sent;
        office.arrive("a@example.net", "c@flap.example");
        office.deliverAll();
        assertThat(office.queue.nextDue()).isEqualTo(waitsUntil);
    }

    @Test
    void statusShowsTheOutage() {
        kill("down.example");
        assertThat(office.scheduler().destinations()).singleElement().satisfies(state -> {
            assertThat(state.nextHop()).isEqualTo("down.example");
            assertThat(state.outage()).startsWith("connect to mx.example.com");
        });
    }

    @Test
    void troubleIsForgottenWhenThereIsNoMailForLong() {
        kill("down.example");
        office.advance(Duration.ofHours(2));
        office.routes.clear();
        office.agent = PostOffice::sent;
        office.scheduler().fetch();
        office.deliverAll();
        assertThat(office.scheduler().destinations()).isEmpty();
    }

    @Test
    void refusalsByALivingServerKillNothing() {
        office.agent = PostOffice::greylisted;
        for (int i = 0; i < 100; i++) {
            office.arrive("a@example.net", "u" + i + "@grey.example");
        }
        office.deliverAll();
        assertThat(office.delivered).hasSize(100);
    }
}
