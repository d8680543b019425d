package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who brings mail faster than it leaves waits for one delivery.
class InFlowTest {
    private final PostOffice office = new PostOffice();

    private List<InFlow> arrive(int count, String domain) {
        List<InFlow> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(office.arrive("a@example.net", "u" + i + "@" + domain));
        }
        return all;
    }

    @Test
    void nobodyWaitsUntilTwiceTheWindowWaits() {
        assertThat(arrive(5 + 10, "example.com")).allMatch(InFlow::isOpen);
        assertThat(arrive(3, "example.com")).noneMatch(InFlow::isOpen);
    }

    @Test
    void eachDeliveryLetsOneInInTheirOrder() {
        office.set("smtp_destination_concurrency_limit", "5");
        arrive(15, "example.com");
        List<InFlow> heldBack = arrive(3, "example.com");
        office.deliverOne();
        assertThat(heldBack).extracting(InFlow::isOpen).containsExactly(true, false, false);
        office.deliverOne();
        assertThat(heldBack).extracting(InFlow::isOpen).containsExactly(true, true, false);
    }

    @Test
    void allAreLetInWhenTheDestinationIsNoLongerBehind() {
        List<InFlow> all = arrive(18, "example.com");
        office.deliverOne();
        office.deliverOne();
        assertThat(all).allMatch(InFlow::isOpen);
    }

    @Test
    void crowdedDestinationDoesNotSlowMailForAnother() {
        arrive(100, "crowded.example");
        assertThat(office.arrive("a@example.net", "b@free.example").isOpen()).isTrue();
    }

    @Test
    void deathOfTheDestinationLetsAllIn() {
        office.agent = PostOffice::unreachable;
        List<InFlow> all = arrive(40, "down.example");
        office.deliverAll();
        assertThat(all).allMatch(InFlow::isOpen);
    }

    @Test
    void stopLetsAllIn() {
        List<InFlow> all = arrive(40, "example.com");
        Thread.ofVirtual().start(office.scheduler()::close);
        for (InFlow each : all) {
            assertThat(each.await(Duration.ofSeconds(20))).isTrue();
        }
        office.deliverAll();
    }

    @Test
    void callerReallyWaitsForADelivery() {
        office.set("in_flow_delay", "1h");
        arrive(15, "example.com");
        Mail mail = office.committed("a@example.net", "b@example.com");
        Thread bringer = Thread.ofVirtual().start(() -> office.scheduler().arrived(mail));
        while (bringer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        office.deliverOne();
        assertThat(join(bringer)).isTrue();
    }

    @Test
    void withoutInFlowDelayNobodyWaits() {
        office.set("in_flow_delay", "0s");
        for (int i = 0; i < 50; i++) {
            office.scheduler().arrived(office.committed("a@example.net", "b@example.com"));
        }
        assertThat(office.queue.counts().active()).isEqualTo(50);
    }

    /// The thread that ends a round writes its notice; if that waited for deliveries, nobody would be left to
    /// make them.
    @Test
    void noticesNeverWait() {
        office.set("in_flow_delay", "1h");
        office.agent =
                request -> request.mail().sender().isNull() ? PostOffice.sent(request) : PostOffice.bounced(request);
        for (int i = 0; i < 40; i++) {
            office.scheduler().take(office.committed("a@example.net", "b@example.com"));
        }
        office.deliverAll();
        assertThat(office.notices).hasSize(40);
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
