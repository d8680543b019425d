package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whose turn it is when more waits than may run.
class FairnessTest {
    private final PostOffice office = new PostOffice();

    private static String[] recipients(int count, String domain) {
        return IntStream.range(0, count)
                .mapToObj(i -> "u" + i + "@" + domain.replace("%", Integer.toString(i)))
                .toArray(String[]::new);
    }

    /// How many deliveries are made before the one for this next hop is begun.
    private int deliveriesBefore(String nextHop) {
        office.delivered.clear();
        while (office.delivered.stream().noneMatch(request -> request.nextHop().equals(nextHop))) {
            assertThat(office.started).as("deliveries under way").isNotEmpty();
            office.deliverOne();
        }
        return office.delivered.size() - 1;
    }

    @Test
    void mailingToTenThousandDomainsLeavesASlotForALetter() {
        office.arrive("list@example.net", recipients(10_000, "d%.example"));
        assertThat(office.started).hasSize(80);
        office.arrive("a@example.net", "b@letter.example");
        assertThat(office.started).hasSize(81);
        assertThat(deliveriesBefore("letter.example")).isEqualTo(80);
    }

    /// All slots busy with letters and the mailing: the next slot that is freed goes to the letter, not to the
    /// ten thousandth recipient.
    @Test
    void letterWaitsForNoMoreThanASlotCostOfOthers() {
        office.arrive("list@example.net", recipients(10_000, "d%.example"));
        for (int i = 0; i < 20; i++) {
            office.arrive("a@example.net", "b@busy" + i + ".example");
        }
        assertThat(office.started).hasSize(100);
        office.arrive("a@example.net", "b@letter.example");
        assertThat(office.started).hasSize(100);
        assertThat(deliveriesBefore("letter.example")).isLessThanOrEqualTo(100 + 5);
    }

    @Test
    void tenThousandLettersToOneDestinationDoNotDelayOneToAnother() {
        for (int i = 0; i < 10_000; i++) {
            office.arrive("list@example.net", "u" + i + "@big.example");
        }
        assertThat(office.started).hasSize(5);
        office.arrive("a@example.net", "b@letter.example");
        assertThat(office.started).hasSize(6);
        assertThat(deliveriesBefore("letter.example")).isEqualTo(5);
    }

    @Test
    void mailingDoesNotDelayALetterToTheSameDestination() {
        office.set("smtp_destination_concurrency_limit", "5");
        office.arrive("list@example.net", recipients(10_000, "big.example"));
        office.arrive("a@example.net", "letter@big.example");
        office.delivered.clear();
        while (office.delivered.stream()
                .noneMatch(request -> request.mail().recipients().size() == 1)) {
            office.deliverOne();
        }
        assertThat(office.delivered.size()).isLessThanOrEqualTo(2 * 5);
    }

    @Test
    void twoMailingsToOneDestinationShareIt() {
        office.set("smtp_destination_concurrency_limit", "1");
        office.arrive("first@example.net", recipients(1_000, "big.example"));
        office.arrive("second@example.net", recipients(1_000, "big.example"));
        for (int i = 0; i < 20; i++) {
            office.deliverOne();
        }
        long ofSecond = office.delivered.stream()
                .filter(request -> request.mail().sender().internal().startsWith("second"))
                .count();
        assertThat(ofSecond).isBetween(9L, 10L);
    }

    @Test
    void lettersDoNotStarveAMailing() {
        office.set("default_process_limit", "10");
        office.arrive("list@example.net", recipients(1_000, "d%.example"));
        int ofMailing = 0;
        for (int i = 0; i < 500; i++) {
            office.arrive("a@example.net", "b@letter" + i + ".example");
            office.arrive("a@example.net", "c@letter" + i + ".test");
            office.deliverOne();
            ofMailing += office.delivered.getLast().mail().recipients().size() > 1 ? 1 : 0;
        }
        assertThat(ofMailing).isBetween(90, 120);
    }

    @Test
    void destinationsTakeTurns() {
        office.set("default_process_limit", "1").set("default_delivery_slot_cost", "0");
        for (int i = 0; i < 3; i++) {
            office.arrive("a@example.net", "x@one.example");
        }
        office.arrive("a@example.net", "y@two.example");
        office.arrive("a@example.net", "z@three.example");
        office.deliverAll();
        assertThat(office.delivered)
                .extracting(DeliveryRequest::nextHop)
                .containsExactly("one.example", "one.example", "two.example", "three.example", "one.example");
    }

    @Test
    void newLetterGoesBeforeABacklogThatIsTriedAgain() {
        office.agent = PostOffice::greylisted;
        for (int i = 0; i < 500; i++) {
            office.arrive("a@example.net", "u" + i + "@big.example");
        }
        office.deliverAll();
        office.agent = PostOffice::sent;
        office.advance(java.time.Duration.ofHours(1));
        office.scheduler().fetch();
        office.arrive("a@example.net", "letter@big.example");
        office.delivered.clear();
        while (office.delivered.stream().noneMatch(request -> request.tries() == 0)) {
            office.deliverOne();
        }
        assertThat(office.delivered.size()).isLessThanOrEqualTo(25 + 5);
    }

    /// 1,000,000 deferred messages, all due at once: waiting mail fills half of the active queue, and a new
    /// letter starts at once.
    @Test
    void millionDueMessagesLeaveRoomForALetter() {
        VastQueue vast = new VastQueue(office.queue, office);
        PostOffice busy = new PostOffice(vast, office.queue);
        busy.scheduler().fetch();
        assertThat(vast.taken).isEqualTo(10_000);
        int before = busy.started.size();
        busy.arrive("a@example.net", "b@letter.example");
        assertThat(busy.started).hasSize(before + 1);
    }

    /// A queue in which a million messages to as many domains are due, made up when they are read.
    private static final class VastQueue extends ForwardingQueue {
        private static final long FIRST = 1L << 40;
        private final PostOffice office;
        private int taken;

        VastQueue(Queue behind, PostOffice office) {
            super(behind);
            this.office = office;
        }

        @Override
        public List<QueueId> due(Instant now, int most) {
            List<QueueId> ids = new ArrayList<>();
            while (ids.size() < most && taken < 1_000_000) {
                ids.add(new QueueId(FIRST + taken++));
            }
            return ids;
        }

        @Override
        public @Nullable Queued read(QueueId id) throws IOException {
            if (id.value() < FIRST) {
                return super.read(id);
            }
            BitSet open = new BitSet();
            open.set(0);
            Mail mail = new Mail(
                    id,
                    postern.address.Path.NULL,
                    postern.smtp.Params.NONE,
                    postern.smtp.Peer.LOCAL,
                    office.now,
                    PostOffice.recipients("u@d" + id + ".example"),
                    1,
                    "",
                    false,
                    false,
                    "",
                    true);
            return new Queued(mail, open, 3, office.now, false, false, List.of(""));
        }

        @Override
        public @Nullable Instant nextDue() {
            return taken < 1_000_000 ? office.now : super.nextDue();
        }
    }
}
