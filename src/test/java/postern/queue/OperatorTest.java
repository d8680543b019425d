package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.smtp.Reply;

class OperatorTest {
    private final PostOffice office = new PostOffice();
    private final Operator running =
            new Operator(office.queue, office.scheduler(), envelope -> office.open(envelope), office.mailLog);
    private final Operator stopped = new Operator(office.queue, null, null, office.mailLog);

    private Mail deferred(String recipient) {
        office.agent = PostOffice::greylisted;
        Mail mail = office.committed("a@example.net", recipient);
        office.scheduler().take(mail);
        office.deliverAll();
        return mail;
    }

    private List<Listing> list(Operator operator) throws IOException {
        List<Listing> all = new ArrayList<>();
        operator.list(all::add);
        return all;
    }

    @Test
    void listShowsWhereEachMessageIs() throws IOException {
        Mail deferred = deferred("b@example.com");
        Mail active = office.committed("", "c@example.com");
        office.scheduler().take(active);
        Mail held = office.committed("a@example.net", "d@example.com");
        office.queue.hold(held.id());
        assertThat(list(running))
                .containsExactlyInAnyOrder(
                        new Listing(
                                deferred.id(),
                                Listing.Place.DEFERRED,
                                32,
                                office.now,
                                "a@example.net",
                                List.of(new Listing.Addressee(
                                        "b@example.com",
                                        "host mx.example.com[192.0.2.25] said: 450 4.2.0 Greylisted (in reply"
                                                + " to RCPT TO command)"))),
                        new Listing(
                                active.id(),
                                Listing.Place.ACTIVE,
                                32,
                                office.now,
                                "",
                                List.of(new Listing.Addressee("c@example.com", ""))),
                        new Listing(
                                held.id(),
                                Listing.Place.HOLD,
                                32,
                                office.now,
                                "a@example.net",
                                List.of(new Listing.Addressee("d@example.com", ""))));
    }

    @Test
    void heldMessageWaitsUntilItIsReleased() throws IOException {
        Mail mail = deferred("b@example.com");
        assertThat(running.hold(mail.id())).isTrue();
        assertThat(running.hold(mail.id())).isFalse();
        office.advance(Duration.ofDays(1));
        office.scheduler().fetch();
        assertThat(office.started).isEmpty();
        assertThat(running.release(mail.id())).isTrue();
        assertThat(running.release(mail.id())).isFalse();
        office.scheduler().fetch();
        assertThat(office.started).hasSize(1);
        assertThat(office.logged("postsuper: " + mail.id())).hasSize(2);
    }

    @Test
    void messageHeldDuringItsDeliveryIsHeldAfterwards() throws IOException {
        office.agent = PostOffice::greylisted;
        Mail mail = office.committed("a@example.net", "b@example.com");
        office.scheduler().take(mail);
        assertThat(running.hold(mail.id())).isTrue();
        office.deliverAll();
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 1));
    }

    @Test
    void entriesOfAHeldMessageThatHaveNotBegunDoNotBegin() throws IOException {
        office.set("smtp_destination_concurrency_limit", "1").set("smtp_destination_recipient_limit", "1");
        office.scheduler().reload(office.conf(), office.transports());
        Mail mail = office.committed("a@example.net", "b@example.com", "c@example.com", "d@example.com");
        office.scheduler().take(mail);
        running.hold(mail.id());
        office.deliverAll();
        assertThat(office.delivered).hasSize(1);
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 1));
        Queued queued = office.queue.read(mail.id());
        assertThat(queued).isNotNull();
        assertThat(queued.open().cardinality()).isEqualTo(2);
    }

    @Test
    void releaseTakesAHoldBackThatHasNotTakenEffect() throws IOException {
        office.agent = PostOffice::greylisted;
        Mail mail = office.committed("a@example.net", "b@example.com");
        office.scheduler().take(mail);
        running.hold(mail.id());
        assertThat(running.release(mail.id())).isTrue();
        office.deliverAll();
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(1, 0, 0));
    }

    @Test
    void deletedMessageIsGoneAndMakesNoNotice() throws IOException {
        office.agent = PostOffice::bounced;
        Mail active = office.committed("a@example.net", "b@example.com");
        office.scheduler().take(active);
        assertThat(running.delete(active.id())).isTrue();
        assertThat(running.delete(active.id())).isFalse();
        office.deliverAll();
        assertThat(office.notices).isEmpty();
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
        assertThat(office.logged(active.id() + ": removed")).hasSize(1);
    }

    @Test
    void requeuedMessageComesInAgainUnderANewNameForThoseStillOpen() throws IOException {
        office.agent = request ->
                request.nextHop().equals("slow.example") ? PostOffice.greylisted(request) : PostOffice.sent(request);
        Mail mail = office.committed("a@example.net", "b@fast.example", "c@slow.example");
        office.scheduler().take(mail);
        office.deliverAll();
        office.delivered.clear();
        String text = office.text(mail.id());
        assertThat(running.requeue(mail.id())).isTrue();
        office.deliverAll();
        assertThat(office.queue.read(mail.id())).isNull();
        assertThat(office.delivered).singleElement().satisfies(request -> {
            assertThat(request.mail().sender().internal()).isEqualTo("a@example.net");
            assertThat(request.mail().arrival()).isEqualTo(mail.arrival());
            assertThat(request.nextHop()).isEqualTo("slow.example");
            assertThat(office.text(request.mail().id())).isEqualTo(text);
        });
    }

    @Test
    void requeueThatIsNotTakenLeavesTheMessageAsItWas() throws IOException {
        Mail mail = deferred("b@example.com");
        office.noticesRefused = Reply.of("452 4.3.1 Insufficient system storage");
        assertThatThrownBy(() -> running.requeue(mail.id()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("452 4.3.1");
        assertThat(list(running)).hasSize(1);
    }

    @Test
    void flushTriesAllMailOrThatForASite() {
        deferred("b@one.example");
        deferred("b@two.example");
        office.advance(Duration.ofSeconds(10));
        running.flush("two.example");
        office.scheduler().fetch();
        assertThat(office.started).hasSize(1);
        running.flush("");
        office.scheduler().fetch();
        assertThat(office.started).hasSize(2);
    }

    @Test
    void flushOfADomainFindsTheNextHopThatItsMailGoesTo() {
        office.routes.put(
                "example.com",
                new postern.rewrite.Resolved.To(
                        postern.rewrite.Resolved.AddressClass.RELAY,
                        "relay",
                        "[192.168.2.3]:25",
                        postern.address.Address.ofInternal("b@example.com")));
        deferred("b@example.com");
        running.flush("example.com");
        office.scheduler().fetch();
        assertThat(office.started).hasSize(1);
    }

    @Test
    void withoutAServerFlushHoldReleaseAndRequeueAreKeptForTheNext() throws IOException {
        Mail one = deferred("b@one.example");
        Mail two = deferred("b@two.example");
        stopped.flush("TWO.example");
        assertThat(office.queue.read(two.id())).extracting(Queued::due).isEqualTo(two.arrival());
        assertThat(office.queue.read(one.id())).extracting(Queued::due).isNotEqualTo(one.arrival());
        assertThat(stopped.hold(one.id())).isTrue();
        assertThat(stopped.requeue(one.id())).isTrue();
        assertThat(office.queue.read(one.id())).satisfies(queued -> {
            assertThat(queued.held()).isFalse();
            assertThat(queued.due()).isEqualTo(one.arrival());
            assertThat(queued.tries()).isEqualTo(1);
        });
        assertThat(stopped.delete(two.id())).isTrue();
        assertThat(list(stopped)).hasSize(1);
    }

    @Test
    void envelopeShowsWhatIsKnown() throws IOException {
        Mail mail = deferred("b@example.com");
        assertThat(running.envelope(mail.id()))
                .contains("sender: a@example.net\n", "recipient: b@example.com\n", "message_size: 32\n", "tries: 1\n");
        assertThat(running.envelope(new QueueId(0x4F00000000L))).isNull();
    }

    @Test
    void checkCountsWhatCanBeReadAndNamesWhatCannot() {
        Mail good = deferred("b@example.com");
        Mail bad = deferred("c@example.com");
        Queue damaged = new ForwardingQueue(office.queue) {
            @Override
            public Body body(QueueId id) throws IOException {
                if (id.equals(bad.id())) {
                    throw new IOException("checksum does not agree");
                }
                return super.body(id);
            }
        };
        List<String> problems = new ArrayList<>();
        assertThat(new Operator(damaged, null, null, office.mailLog).check(problems::add))
                .isEqualTo(1);
        assertThat(problems).containsExactly(bad.id() + ": checksum does not agree");
        assertThat(good).isNotNull();
    }
}
