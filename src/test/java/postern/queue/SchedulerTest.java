package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.rewrite.Resolved;
import postern.smtp.Params;
import postern.smtp.Recipient;

class SchedulerTest {
    private final PostOffice office = new PostOffice();

    @Test
    void arrivedMailIsDeliveredLoggedAndGone() {
        Mail mail = office.committed("a@example.net", "b@example.com");
        office.advance(Duration.ofMillis(100));
        office.scheduler().take(mail);
        office.advance(Duration.ofMillis(50));
        office.deliverAll();

        String id = mail.id().toString();
        assertThat(office.log)
                .containsExactly(
                        "qmgr: " + id + ": from=<a@example.net>, size=32, nrcpt=1 (queue active)",
                        "smtp: " + id
                                + ": to=<b@example.com>, relay=mx.example.com[192.0.2.25]:25, delay=0.15,"
                                + " delays=0.1/0.05/0.02/0.13, dsn=2.0.0,"
                                + " status=sent (250 2.0.0 Ok: queued as 1234)",
                        "qmgr: " + id + ": removed");
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    @Test
    void originalRecipientIsLogged() {
        Recipient expanded =
                new Recipient(Address.ofInternal("b@example.com"), Address.ofInternal("info@example.org"), Params.NONE);
        office.scheduler()
                .take(office.committed(
                        postern.address.Path.of(Address.ofInternal("a@example.net")), Params.NONE, List.of(expanded)));
        office.deliverAll();
        assertThat(office.logged("to=<b@example.com>, orig_to=<info@example.org>, relay=mx.example.com"))
                .hasSize(1);
    }

    @Test
    void recipientsOfOneNextHopShareDeliveriesOfAtMostTheRecipientLimit() {
        office.set("smtp_destination_recipient_limit", "2");
        office.arrive("a@example.net", "1@example.com", "2@example.com", "3@example.com", "4@example.org");
        office.deliverAll();
        assertThat(office.delivered)
                .extracting(
                        DeliveryRequest::nextHop,
                        request -> request.recipients().size())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("example.com", 2),
                        org.assertj.core.groups.Tuple.tuple("example.com", 1),
                        org.assertj.core.groups.Tuple.tuple("example.org", 1));
    }

    @Test
    void deferredMailWaitsWithItsReasonAndIsTriedAgain() {
        office.agent = PostOffice::greylisted;
        Mail mail = office.committed("a@example.net", "b@example.com");
        office.scheduler().take(mail);
        office.deliverAll();

        Queued waiting = office.queue.read(mail.id());
        assertThat(waiting).isNotNull();
        assertThat(waiting.tries()).isEqualTo(1);
        assertThat(waiting.reasons().getFirst()).startsWith("host mx.example.com[192.0.2.25] said: 450");
        assertThat(waiting.due()).isBetween(office.now.plusSeconds(300), office.now.plusSeconds(331));
        assertThat(office.logged("dsn=4.2.0, status=deferred (host mx.example.com"))
                .hasSize(1);

        office.agent = PostOffice::sent;
        office.retry();
        office.deliverAll();
        assertThat(office.delivered.getLast().tries()).isEqualTo(1);
        assertThat(office.queue.read(mail.id())).isNull();
    }

    @Test
    void onlyOpenRecipientsAreTriedAgain() {
        office.agent = request ->
                request.nextHop().equals("slow.example") ? PostOffice.greylisted(request) : PostOffice.sent(request);
        office.arrive("a@example.net", "b@fast.example", "c@slow.example");
        office.deliverAll();
        office.delivered.clear();
        office.retry();
        office.deliverAll();
        assertThat(office.delivered)
                .singleElement()
                .satisfies(request -> assertThat(request.recipients())
                        .extracting(recipient -> recipient.address().internal())
                        .containsExactly("c@slow.example"));
    }

    @Test
    void deliveryThatGotThroughIsToldToTheQueueBeforeTheRoundEnds() {
        Mail mail = office.committed("a@example.net", "b@one.example", "c@two.example");
        office.scheduler().take(mail);
        office.deliverOne();
        Queued queued = office.queue.read(mail.id());
        assertThat(queued).isNotNull();
        assertThat(queued.open().cardinality()).isEqualTo(1);
    }

    @Test
    void tableThatCannotBeAskedDefersOnlyWhoNeedsIt() {
        office.routes.put("broken.example", new Resolved.TempFail("ldap:users: no answer"));
        Mail mail = office.committed("a@example.net", "b@example.com", "c@broken.example");
        office.scheduler().take(mail);
        office.deliverAll();
        assertThat(office.logged("relay=none, "))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("error: ")
                        .endsWith("dsn=4.3.0, status=deferred (address resolver failure: ldap:users: no answer)"));
        Queued queued = office.queue.read(mail.id());
        assertThat(queued).isNotNull();
        assertThat(queued.open().stream()).containsExactly(1);
    }

    @Test
    void unknownTransportDefers() {
        office.routes.put(
                "example.com",
                new Resolved.To(
                        Resolved.AddressClass.DEFAULT, "uucp", "example.com", Address.ofInternal("b@example.com")));
        office.arrive("a@example.net", "b@example.com");
        assertThat(office.logged("dsn=4.3.5, status=deferred (mail transport unavailable)"))
                .hasSize(1);
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(1, 0, 0));
    }

    @Test
    void filterGoesBeforeTheRoutes() {
        Mail plain = office.committed("a@example.net", "b@example.com");
        Mail filtered = new Mail(
                plain.id(),
                plain.sender(),
                plain.params(),
                plain.peer(),
                plain.arrival(),
                plain.recipients(),
                plain.size(),
                plain.messageId(),
                false,
                false,
                "relay:[127.0.0.1]:10024",
                false);
        office.scheduler().take(filtered);
        office.deliverAll();
        assertThat(office.delivered).singleElement().satisfies(request -> {
            assertThat(request.transport()).isEqualTo("relay");
            assertThat(request.nextHop()).isEqualTo("[127.0.0.1]:10024");
        });
        assertThat(office.logged("relay/smtp: ")).hasSize(1);
    }

    /// One message that makes a parser fail is deferred; the others go on.
    @Test
    void agentThatThrowsDefersThatMailAlone() {
        office.agent = request -> {
            if (request.nextHop().equals("poison.example")) {
                throw new IllegalStateException("poison");
            }
            return PostOffice.sent(request);
        };
        office.arrive("a@example.net", "b@poison.example");
        office.arrive("a@example.net", "b@example.com");
        office.deliverAll();
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(1, 0, 0));
        assertThat(office.logged("delivery agent failed: java.lang.IllegalStateException: poison"))
                .hasSize(1);
        office.delivered.clear();
        office.arrive("a@example.net", "c@example.com");
        office.deliverAll();
        assertThat(office.delivered).hasSize(1);
    }

    @Test
    void messageTooOldIsGivenBackAfterOneMoreAttempt() {
        office.agent = PostOffice::greylisted;
        office.arrive("a@example.net", "b@example.com");
        office.deliverAll();
        office.advance(Duration.ofDays(5));
        office.retry();
        office.deliverOne();
        assertThat(office.logged("from=<a@example.net>, status=expired, returned to sender"))
                .hasSize(1);
        assertThat(office.notices).hasSize(1);
        assertThat(office.text(office.notices.getFirst()))
                .contains("Action: failed\r\nStatus: 4.4.7\r\n")
                .contains("message too old: host mx.example.com[192.0.2.25] said: 450 4.2.0");
    }

    @Test
    void delayIsToldOnce() {
        office.set("delay_warning_time", "4h");
        office.agent =
                request -> request.mail().sender().isNull() ? PostOffice.sent(request) : PostOffice.greylisted(request);
        office.arrive("a@example.net", "b@example.com");
        office.deliverAll();
        assertThat(office.notices).isEmpty();
        for (int i = 0; i < 5; i++) {
            office.advance(Duration.ofHours(4));
            office.retry();
            office.deliverAll();
        }
        assertThat(office.notices).hasSize(1);
        assertThat(office.logged("sender delay notification: " + office.notices.getFirst()))
                .hasSize(1);
    }

    /// What waits is told by instants: the hour of summer time does not exist for it, and a clock that goes wrong by
    /// a day neither loses mail, nor gives it back before its time, nor tells its sender twice.
    @Test
    void clockSetForwardByADayAndBackLosesNothingAndTellsNothingTwice() {
        office.set("delay_warning_time", "4h");
        office.agent =
                request -> request.mail().sender().isNull() ? PostOffice.sent(request) : PostOffice.greylisted(request);
        office.arrive("a@example.net", "b@example.com");
        office.deliverAll();
        for (int days : new int[] {1, -1, 1, -1}) {
            office.advance(Duration.ofDays(days));
            office.retry();
            office.deliverAll();
        }
        assertThat(office.notices).hasSize(1);
        assertThat(office.logged("status=expired")).isEmpty();
        assertThat(office.logged("status=bounced")).isEmpty();
        office.advance(Duration.ofDays(-1));
        office.agent = PostOffice::sent;
        office.retry();
        office.deliverAll();
        assertThat(office.logged("to=<b@example.com>").getLast()).contains("status=sent");
        assertThat(office.notices).hasSize(1);
        assertThat(office.queue.counts().waiting()).isZero();
    }

    @Test
    void softBounceMakesFailuresWait() {
        office.set("soft_bounce", "yes");
        office.agent = PostOffice::bounced;
        office.arrive("a@example.net", "b@example.com");
        office.deliverAll();
        assertThat(office.notices).isEmpty();
        assertThat(office.logged("dsn=4.1.1, status=deferred")).hasSize(1);
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(1, 0, 0));
    }

    @Test
    void mailWithoutRoomWaitsInTheQueueAndComesWhenThereIsRoom() {
        office.set("qmgr_message_active_limit", "4");
        for (int i = 0; i < 6; i++) {
            office.arrive("a@example.net", "b@example" + i + ".com");
        }
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(2, 4, 0));
        office.deliverAll();
        office.scheduler().fetch();
        office.deliverAll();
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
        assertThat(office.delivered).hasSize(6);
    }

    @Test
    void bringerWaitsWhenThereIsNoRoomAtAll() {
        office.set("qmgr_message_active_limit", "1");
        assertThat(office.arrive("a@example.net", "b@example.com").isOpen()).isTrue();
        assertThat(office.arrive("a@example.net", "c@example.com").isOpen()).isFalse();
    }

    /// A damaged record costs nobody else anything.
    @Test
    void messageThatCannotBeReadIsLeftAloneForAWhile() {
        Mail damaged = office.committed("a@example.net", "b@example.com");
        Mail good = office.committed("a@example.net", "c@example.com");
        office.queue.park(damaged.id(), office.now);
        office.queue.park(good.id(), office.now);
        Queue failing = new ForwardingQueue(office.queue) {
            @Override
            public Queued read(QueueId id) throws IOException {
                if (id.equals(damaged.id())) {
                    throw new IOException("checksum does not agree");
                }
                return Objects.requireNonNull(super.read(id));
            }
        };
        PostOffice next = new PostOffice(failing, office.queue);
        next.scheduler().fetch();
        next.deliverAll();
        assertThat(next.delivered).hasSize(1);
        assertThat(next.logged("cannot be read, left alone for a while: checksum does not agree"))
                .hasSize(1);
        assertThat(office.queue.nextDue()).isEqualTo(office.now.plusSeconds(4000));
    }

    /// Who brings mail, and who takes waiting mail, does not wait for notices to be forced to disk.
    @Test
    void noticesForExpiredMailAreWrittenInThreadsOfTheirOwn() {
        Mail mail = office.committed("a@example.net", "b@down.example");
        office.agent = PostOffice::unreachable;
        for (int i = 0; i < 4; i++) {
            office.arrive("a@example.net", "u@down.example");
            office.deliverAll();
        }
        Mail old = new Mail(
                mail.id(),
                mail.sender(),
                mail.params(),
                mail.peer(),
                office.now.minus(Duration.ofDays(6)),
                mail.recipients(),
                mail.size(),
                "",
                false,
                false,
                "",
                false);
        office.scheduler().take(old);
        assertThat(office.notices).isEmpty();
        assertThat(office.started).hasSize(1);
        office.deliverOne();
        assertThat(office.notices).hasSize(1);
    }

    @Test
    void afterARestartAllThatWasActiveIsTaken() {
        for (int i = 0; i < 3; i++) {
            office.arrive("a@example.net", "b@example.com");
        }
        MemoryQueue again = office.queue.restarted();
        PostOffice next = new PostOffice(again, again);
        next.scheduler().fetch();
        next.deliverAll();
        assertThat(next.delivered).hasSize(3);
    }

    @Test
    void stoppedSchedulerStartsNothingMore() {
        office.arrive("a@example.net", "b@example.com");
        Scheduler scheduler = office.scheduler();
        List<Runnable> underWay = new ArrayList<>(office.started);
        office.started.clear();
        Thread ending = Thread.ofVirtual().start(scheduler::close);
        underWay.forEach(Runnable::run);
        assertThat(join(ending)).isTrue();
        office.arrive("a@example.net", "c@example.com");
        assertThat(office.started).isEmpty();
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(1, 0, 0));
    }

    @Test
    void reloadTakesNewLimitsAndTransports() {
        for (int i = 0; i < 8; i++) {
            office.arrive("a@example.net", "b@example.com");
        }
        assertThat(office.started).hasSize(5);
        office.set("smtp_destination_concurrency_limit", "2");
        office.scheduler().reload(office.conf(), office.transports());
        for (int i = 0; i < 3; i++) {
            office.deliverOne();
        }
        assertThat(office.started).hasSize(2);
        office.deliverAll();
        assertThat(office.delivered).hasSize(8);
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
