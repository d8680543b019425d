package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `destination_rate_delay`, `transport_rate_delay`, `defer_transports`: mail that could leave, and is to wait.
class PacingTest {
    private final PostOffice office = new PostOffice();

    private List<String> deliveredTo() {
        return office.delivered.stream().map(DeliveryRequest::nextHop).toList();
    }

    /// Lets time pass and the scheduler look at what has rested.
    private void after(Duration time) {
        office.advance(time);
        office.scheduler().fetch();
        office.deliverAll();
    }

    @Test
    void aDestinationRestsAfterEachDelivery() {
        office.set("smtp_destination_rate_delay", "10s");
        for (int i = 0; i < 3; i++) {
            office.arrive("a@example.net", "b@example.com");
        }
        office.arrive("a@example.net", "c@example.org");
        assertThat(office.started).as("one for each destination").hasSize(2);
        office.deliverAll();
        assertThat(deliveredTo()).containsExactly("example.com", "example.org");
        after(Duration.ofSeconds(9));
        assertThat(office.delivered).hasSize(2);
        after(Duration.ofSeconds(1));
        assertThat(deliveredTo()).containsExactly("example.com", "example.org", "example.com");
        assertThat(office.scheduler().fetch()).isEqualTo(Duration.ofSeconds(10));
        after(Duration.ofSeconds(10));
        assertThat(deliveredTo()).hasSize(4);
        after(Duration.ofSeconds(10));
        assertThat(office.scheduler().fetch()).as("nothing rests any more").isGreaterThan(Duration.ofMinutes(1));
        office.arrive("a@example.net", "b@example.com");
        office.deliverAll();
        assertThat(deliveredTo()).hasSize(5);
    }

    @Test
    void aTransportRestsAfterEachStart() {
        office.set("default_transport_rate_delay", "20s");
        office.arrive("a@example.net", "b@one.example", "b@two.example", "b@three.example");
        office.deliverAll();
        assertThat(office.delivered).hasSize(1);
        after(Duration.ofSeconds(19));
        assertThat(office.delivered).hasSize(1);
        after(Duration.ofSeconds(1));
        assertThat(office.delivered).hasSize(2);
        after(Duration.ofSeconds(20));
        assertThat(deliveredTo()).containsExactlyInAnyOrder("one.example", "two.example", "three.example");
    }

    @Test
    void theTransportsOwnDelayGoesBeforeTheDefault() {
        office.set("default_destination_rate_delay", "1h").set("smtp_destination_rate_delay", "0s");
        office.arrive("a@example.net", "b@example.com");
        office.arrive("a@example.net", "b@example.com");
        assertThat(office.started).hasSize(2);
    }

    @Test
    void aDeferredTransportTakesWhatIsFlushedOnly() {
        office.set("defer_transports", "smtp");
        Mail mail = office.committed("a@example.net", "b@example.com");
        office.scheduler().take(mail);
        office.deliverAll();
        assertThat(office.delivered).isEmpty();
        assertThat(office.logged("error: " + mail.id() + ": to=<b@example.com>, relay=none"))
                .singleElement()
                .asString()
                .endsWith("dsn=4.3.2, status=deferred (deferred transport)");

        office.retry();
        office.deliverAll();
        assertThat(office.delivered).as("tried again, it waits again").isEmpty();

        office.scheduler().flush("");
        office.scheduler().fetch();
        office.deliverAll();
        assertThat(deliveredTo()).containsExactly("example.com");
        office.arrive("a@example.net", "b@example.com");
        assertThat(office.started).as("a flush is about what waits then").isEmpty();
    }
}
