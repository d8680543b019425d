package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import postern.mailbox.Flags.Flag;

/// What every [MailboxStore] does with messages: each engine and the twin in memory run these same tests, and those
/// of [MailboxNamesContract].
public abstract class MailboxStoreContract extends StoreUnderTest {
    @Test
    void deliveredMessageIsThereAsItCame() throws IOException {
        Flags flags = new Flags(Flag.SEEN.bit(), List.of("$Junk"));
        Instant arrival = Instant.parse("2020-02-29T23:59:59.75Z");
        now = START.plusSeconds(60);
        Incoming.Place place =
                new Incoming.Place(ANN, INBOX, "Return-Path: <x@example.net>\r\n", flags, arrival, 0, "P17");
        MessageRef message = deliver(ascii("Subject: a\r\n\r\nb\r\n"), place).getFirst();
        assertThat(message.uid()).isEqualTo(Uid.FIRST);
        assertThat(message.flags()).isEqualTo(flags);
        assertThat(message.arrival()).isEqualTo(Instant.parse("2020-02-29T23:59:59Z"));
        assertThat(message.saved()).isEqualTo(START.plusSeconds(60));
        assertThat(message.popId()).isEqualTo("P17");
        assertThat(message.size()).isEqualTo(30 + 17);
        assertThat(all(ANN, INBOX)).containsExactly(message);
        assertThat(new String(read(message, 0), StandardCharsets.US_ASCII))
                .isEqualTo("Return-Path: <x@example.net>\r\nSubject: a\r\n\r\nb\r\n");
    }

    @Test
    void mailboxTellsWhatIsInIt() throws IOException {
        assertThat(store.mailbox(ANN, INBOX)).isNull();
        assertThat(store.mailboxes(ANN)).isEmpty();
        deliver("a\r\n", ANN, INBOX);
        deliver("bc\r\n", ANN, INBOX);
        Mailbox inbox = box(ANN, INBOX);
        assertThat(inbox.owner()).isEqualTo(ANN);
        assertThat(inbox.name()).isEqualTo(INBOX);
        assertThat(inbox.next()).isEqualTo(new Uid(3));
        assertThat(inbox.messages()).isEqualTo(2);
        assertThat(inbox.bytes()).isEqualTo(7);
        assertThat(inbox.highest()).isEqualTo(all(ANN, INBOX).getLast().modSeq());
        assertThat(inbox.specialUse()).isEmpty();
        assertThat(inbox.subscribed()).isFalse();
    }

    @Test
    void emptyTextIsAText() throws IOException {
        MessageRef message = deliver("", ANN, INBOX);
        assertThat(message.size()).isZero();
        assertThat(read(message, 0)).isEmpty();
    }

    /// Sizes at the edges of what engines cut texts into, from offsets at the edges of that.
    @Test
    void textIsReadFromAnyOffset() throws IOException {
        String front = "Delivered-To: ann@example.com\r\n";
        for (int size : new int[] {1, 65_535, 65_536, 65_537, 131_072, 300_000}) {
            for (boolean dense : new boolean[] {false, true}) {
                byte[] text = dense
                        ? noise(size, size)
                        : ascii("line of text\r\n".repeat(size / 14 + 1).substring(0, size));
                MessageRef message = deliver(text, new Incoming.Place(ANN, INBOX, front, Flags.NONE, START))
                        .getFirst();
                byte[] whole = Arrays.copyOf(ascii(front), front.length() + size);
                System.arraycopy(text, 0, whole, front.length(), size);
                for (long from :
                        new long[] {0, 1, 30, 31, 32, 65_566, 65_567, 65_568, size, size + 30, size + 31, size + 99}) {
                    byte[] expected =
                            from >= whole.length ? new byte[0] : Arrays.copyOfRange(whole, (int) from, whole.length);
                    assertThat(read(message, from)).as("%d from %d", size, from).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void textComesInPiecesOfAnySize() throws IOException {
        byte[] text = noise(7, 200_001);
        Random random = new Random(7);
        MessageRef message;
        try (Incoming incoming = store.incoming()) {
            int at = 0;
            while (at < text.length) {
                int count = Math.min(text.length - at, random.nextInt(70_000));
                byte[] lent = Arrays.copyOfRange(text, at, at + count);
                incoming.write(ByteBuffer.wrap(lent));
                Arrays.fill(lent, (byte) 0);
                at += count;
            }
            message = incoming.commit(List.of(place(ANN, INBOX))).getFirst();
        }
        assertThat(read(message, 0)).isEqualTo(text);
        assertThat(read(message, 199_990)).hasSize(11);
    }

    @Test
    void oneTextIsInManyPlaces() throws IOException {
        List<MessageRef> messages = deliver(
                ascii("text\r\n"),
                new Incoming.Place(ANN, INBOX, "Delivered-To: ann@example.com\r\n", Flags.NONE, START),
                new Incoming.Place(BOB, INBOX, "Delivered-To: bob@example.com\r\n", Flags.of(Flag.SEEN), START),
                place(BOB, WORK));
        assertThat(messages)
                .extracting(MessageRef::text)
                .containsOnly(messages.getFirst().text());
        assertThat(new String(read(all(BOB, INBOX).getFirst(), 0), StandardCharsets.US_ASCII))
                .isEqualTo("Delivered-To: bob@example.com\r\ntext\r\n");
        store.expunge(box(ANN, INBOX), uids(all(ANN, INBOX)));
        store.delete(box(BOB, INBOX));
        assertThat(read(all(BOB, WORK).getFirst(), 0)).isEqualTo(ascii("text\r\n"));
    }

    @Test
    void theSamePlaceTwiceGetsTwoMessages() throws IOException {
        List<MessageRef> messages = deliver(ascii("x\r\n"), place(ANN, INBOX), place(ANN, INBOX));
        assertThat(uids(messages)).containsExactly(new Uid(1), new Uid(2));
        assertThat(box(ANN, INBOX).messages()).isEqualTo(2);
    }

    @Test
    void deliveryIsInAllPlacesOrInNone() throws IOException {
        deliver("a\r\n", ANN, INBOX);
        deliver("b\r\n", ANN, INBOX);
        Incoming.Place passed = new Incoming.Place(ANN, INBOX, "", Flags.NONE, START, 2, "");
        assertThatThrownBy(() -> deliver(ascii("c\r\n"), place(BOB, INBOX), place(ANN, WORK), passed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UID 2");
        assertThat(store.mailbox(BOB, INBOX)).isNull();
        assertThat(store.mailbox(ANN, WORK)).isNull();
        assertThat(box(ANN, INBOX).messages()).isEqualTo(2);
    }

    @Test
    void whatIsNotCommittedIsNowhere() throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap(noise(1, 200_000)));
        }
        assertThat(store.accounts()).isEmpty();
        assertThat(deliver("a\r\n", ANN, INBOX).uid()).isEqualTo(Uid.FIRST);
    }

    @Test
    void uidsRiseAndAreNeverUsedTwice() throws IOException {
        for (int i = 1; i <= 5; i++) {
            assertThat(deliver("x\r\n", ANN, INBOX).uid()).isEqualTo(new Uid(i));
        }
        store.expunge(box(ANN, INBOX), List.of(new Uid(4), new Uid(5)));
        assertThat(deliver("y\r\n", ANN, INBOX).uid()).isEqualTo(new Uid(6));
        store.expunge(box(ANN, INBOX), uids(all(ANN, INBOX)));
        assertThat(box(ANN, INBOX).messages()).isZero();
        assertThat(deliver("z\r\n", ANN, INBOX).uid()).isEqualTo(new Uid(7));
    }

    @Test
    void mailboxThatTakesTheNameOfAnotherHasAHigherUidValidity() throws IOException {
        deliver("x\r\n", ANN, WORK);
        Mailbox first = box(ANN, WORK);
        store.delete(first);
        assertThat(store.mailbox(ANN, WORK)).isNull();
        deliver("x\r\n", ANN, WORK);
        Mailbox second = box(ANN, WORK);
        assertThat(second.validity()).isGreaterThan(first.validity());
        assertThat(second.id()).isNotEqualTo(first.id());
        now = START.minusSeconds(1_000_000);
        store.delete(second);
        Mailbox third = store.create(ANN, WORK, null);
        assertThat(third.validity()).isGreaterThan(second.validity());
        store.delete(ANN);
        assertThat(store.create(ANN, WORK, first.validity()).validity()).isGreaterThan(third.validity());
    }

    @Test
    void mailboxFromElsewhereKeepsUidValidityAndUids() throws IOException {
        Mailbox made = store.create(ANN, WORK, new UidValidity(1_234));
        assertThat(made.validity()).isEqualTo(new UidValidity(1_234));
        assertThat(store.create(ANN, WORK, new UidValidity(9_999))).isEqualTo(made);
        deliver(ascii("a\r\n"), new Incoming.Place(ANN, WORK, "", Flags.NONE, START, 17, "P1"));
        deliver(ascii("a\r\n"), new Incoming.Place(ANN, WORK, "", Flags.NONE, START, 4_000_000_000L, ""));
        assertThat(deliver("a\r\n", ANN, WORK).uid()).isEqualTo(new Uid(4_000_000_001L));
        assertThat(uids(all(ANN, WORK))).containsExactly(new Uid(17), new Uid(4_000_000_000L), new Uid(4_000_000_001L));
    }

    @Test
    void uidsThatWereGivenElsewhereAreNotGivenAgain() throws IOException {
        Mailbox made = store.create(ANN, WORK, new UidValidity(1_234));
        store.passUids(made, new Uid(100));
        store.passUids(made, new Uid(50));
        assertThat(box(ANN, WORK).next()).isEqualTo(new Uid(100));
        assertThat(deliver("a\r\n", ANN, WORK).uid()).isEqualTo(new Uid(100));
    }

    private MailboxStore.Arrival arrival(String text, MailboxName mailbox, long uid) throws IOException {
        Incoming incoming = store.incoming();
        incoming.write(ByteBuffer.wrap(ascii(text)));
        return new MailboxStore.Arrival(incoming, new Incoming.Place(ANN, mailbox, "", Flags.NONE, START, uid, ""));
    }

    @Test
    void manyMessagesArriveTogetherInTheirOrder() throws IOException {
        List<MailboxStore.Arrival> arrivals = new ArrayList<>();
        for (int i = 1; i <= 300; i++) {
            arrivals.add(arrival("text " + i + "\r\n", i % 3 == 0 ? WORK : INBOX, i));
        }
        store.commit(arrivals);
        arrivals.forEach(arrival -> arrival.message().close());
        assertThat(all(ANN, WORK)).hasSize(100);
        assertThat(all(ANN, INBOX)).hasSize(200);
        for (MessageRef message : all(ANN, WORK)) {
            assertThat(read(message, 0)).isEqualTo(ascii("text " + message.uid() + "\r\n"));
        }
        store.commit(List.of());
    }

    @Test
    void oneThatCannotArriveKeepsTheOthersOut() throws IOException {
        deliver("a\r\n", ANN, WORK);
        List<MailboxStore.Arrival> arrivals =
                List.of(arrival("b\r\n", INBOX, 5), arrival("c\r\n", WORK, 1), arrival("d\r\n", WORK, 7));
        assertThatThrownBy(() -> store.commit(arrivals)).isInstanceOf(IllegalArgumentException.class);
        arrivals.forEach(arrival -> arrival.message().close());
        assertThat(store.mailbox(ANN, INBOX)).isNull();
        assertThat(all(ANN, WORK)).hasSize(1);
    }

    @Test
    void messagesAreListedFromUidToUid() throws IOException {
        for (int i = 0; i < 5; i++) {
            deliver("x\r\n", ANN, INBOX);
        }
        Mailbox inbox = box(ANN, INBOX);
        assertThat(uids(store.messages(inbox, new Uid(2), new Uid(4))))
                .containsExactly(new Uid(2), new Uid(3), new Uid(4));
        assertThat(store.messages(inbox, new Uid(6), Uid.LAST)).isEmpty();
        assertThat(store.messages(inbox, new Uid(4), new Uid(2))).isEmpty();
        assertThat(uids(store.messages(inbox, new Uid(2), 3))).containsExactly(new Uid(2), new Uid(3), new Uid(4));
        assertThat(uids(store.messages(inbox, new Uid(5), 3))).containsExactly(new Uid(5));
        assertThat(store.messages(inbox, new Uid(6), 3)).isEmpty();
    }

    @Test
    void overviewHasAllMessagesInColumns() throws IOException {
        for (int i = 1; i <= 200; i++) {
            deliver(
                    ascii("x".repeat(i)),
                    new Incoming.Place(
                            ANN,
                            INBOX,
                            "",
                            Flags.NONE,
                            START,
                            i == 150 ? 4_000_000_000L : 0,
                            i % 50 == 0 ? "P" + i : ""));
        }
        store.expunge(box(ANN, INBOX), List.of(new Uid(2)));
        Overview overview = store.overview(box(ANN, INBOX));
        List<MessageRef> all = all(ANN, INBOX);
        assertThat(overview.count()).isEqualTo(199);
        for (int i = 0; i < 199; i++) {
            assertThat(overview.uid(i)).isEqualTo(all.get(i).uid());
            assertThat(overview.size(i)).isEqualTo(all.get(i).size());
            assertThat(overview.popId(i)).isEqualTo(all.get(i).popId());
        }
        store.delete(ANN);
        assertThat(store.overview(store.create(ANN, INBOX, null)).count()).isZero();
    }

    @Test
    void whoWatchesCanHarmNobody() throws IOException, InterruptedException {
        Mailbox inbox = store.create(ANN, INBOX, null);
        Semaphore told = new Semaphore(0);
        Runnable bad = () -> {
            told.release();
            throw new IllegalStateException("a watcher's own fault");
        };
        try (Closeable one = store.watch(inbox.id(), bad);
                Closeable other = store.watch(inbox.id(), told::release)) {
            assertThat(one).isNotSameAs(other);
            deliver("a\r\n", ANN, INBOX);
            deliver("b\r\n", ANN, INBOX);
            assertThat(told.tryAcquire(2, 1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(box(ANN, INBOX).messages()).isEqualTo(2);
    }

    @Test
    void changeThatThrowsHarmsNobody() throws IOException {
        MessageRef message = deliver("a\r\n", ANN, INBOX);
        assertThatThrownBy(() -> store.flags(box(ANN, INBOX), List.of(message.uid()), flags -> {
                    throw new StackOverflowError("a caller's own fault");
                }))
                .hasStackTraceContaining("a caller's own fault");
        assertThat(deliver("b\r\n", ANN, INBOX).uid()).isEqualTo(new Uid(2));
    }

    @Test
    void flagsChangeAndOnlyWhatChangesGetsANewModSeq() throws IOException {
        MessageRef first = deliver("a\r\n", ANN, INBOX);
        MessageRef second = deliver("b\r\n", ANN, INBOX);
        Mailbox inbox = box(ANN, INBOX);
        Flags more = new Flags(Flag.SEEN.bit() | Flag.FLAGGED.bit(), List.of("$Forwarded", "Later"));
        List<MessageRef> after = store.flags(inbox, List.of(second.uid(), new Uid(99)), flags -> flags.with(more));
        assertThat(uids(after)).containsExactly(second.uid());
        assertThat(after.getFirst().flags()).isEqualTo(more);
        assertThat(after.getFirst().modSeq()).isGreaterThan(second.modSeq());
        assertThat(all(ANN, INBOX)).containsExactly(first, after.getFirst());
        assertThat(box(ANN, INBOX).highest()).isEqualTo(after.getFirst().modSeq());
        assertThat(store.flags(inbox, List.of(second.uid()), flags -> flags.with(more)))
                .isEqualTo(after);
        assertThat(box(ANN, INBOX).highest()).isEqualTo(after.getFirst().modSeq());
        MessageRef less = store.flags(inbox, List.of(second.uid()), flags -> flags.without(more))
                .getFirst();
        assertThat(less.flags()).isEqualTo(Flags.NONE);
    }

    @Test
    void modSeqOnlyGrows() throws IOException {
        List<ModSeq> seen = new ArrayList<>();
        MessageRef first = deliver("a\r\n", ANN, INBOX);
        seen.add(box(ANN, INBOX).highest());
        store.flags(box(ANN, INBOX), List.of(first.uid()), flags -> Flags.of(Flag.SEEN));
        seen.add(box(ANN, INBOX).highest());
        store.expunge(box(ANN, INBOX), List.of(first.uid()));
        seen.add(box(ANN, INBOX).highest());
        deliver("a\r\n", ANN, INBOX);
        seen.add(box(ANN, INBOX).highest());
        assertThat(seen).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void expungedMessagesAreGone() throws IOException {
        deliver("a\r\n", ANN, INBOX);
        MessageRef second = deliver("bb\r\n", ANN, INBOX);
        Mailbox inbox = box(ANN, INBOX);
        assertThat(store.expunge(inbox, List.of(new Uid(7), new Uid(1), new Uid(1))))
                .containsExactly(new Uid(1));
        assertThat(store.expunge(inbox, List.of(new Uid(1)))).isEmpty();
        assertThat(all(ANN, INBOX)).containsExactly(second);
        assertThat(box(ANN, INBOX).bytes()).isEqualTo(4);
        assertThat(store.flags(inbox, List.of(new Uid(1)), flags -> Flags.of(Flag.SEEN)))
                .isEmpty();
    }

    @Test
    void copiesShareTheTextAndKeepFlagsAndArrival() throws IOException {
        MessageRef first = deliver(
                        ascii("a\r\n"),
                        new Incoming.Place(
                                ANN, INBOX, "Return-Path: <>\r\n", Flags.of(Flag.FLAGGED), START.minusSeconds(9)))
                .getFirst();
        deliver("b\r\n", ANN, INBOX);
        Mailbox work = store.create(ANN, WORK, null);
        now = START.plusSeconds(100);
        List<MessageRef> copies = store.copy(box(ANN, INBOX), List.of(new Uid(2), new Uid(9), new Uid(1)), work);
        assertThat(uids(copies)).containsExactly(new Uid(1), new Uid(2));
        MessageRef copy = copies.getFirst();
        assertThat(copy.text()).isEqualTo(first.text());
        assertThat(copy.flags()).isEqualTo(first.flags());
        assertThat(copy.arrival()).isEqualTo(first.arrival());
        assertThat(copy.saved()).isEqualTo(now);
        assertThat(copy.front()).isEqualTo(first.front());
        assertThat(all(ANN, WORK)).isEqualTo(copies);
        assertThat(all(ANN, INBOX)).hasSize(2);
        store.delete(box(ANN, INBOX));
        assertThat(read(copy, 0)).isEqualTo(ascii("Return-Path: <>\r\na\r\n"));
    }

    @Test
    void movedMessagesAreInOneMailboxOnly() throws IOException {
        deliver("a\r\n", ANN, INBOX);
        deliver("b\r\n", ANN, INBOX);
        Mailbox inbox = box(ANN, INBOX);
        List<MessageRef> moved = store.move(inbox, List.of(new Uid(2)), store.create(ANN, WORK, null));
        assertThat(all(ANN, WORK)).isEqualTo(moved);
        assertThat(uids(all(ANN, INBOX))).containsExactly(new Uid(1));
        assertThat(read(moved.getFirst(), 0)).isEqualTo(ascii("b\r\n"));
        assertThat(box(ANN, INBOX).highest()).isGreaterThan(inbox.highest());
        List<MessageRef> again = store.move(inbox, List.of(new Uid(1)), inbox);
        assertThat(uids(again)).containsExactly(new Uid(3));
        assertThat(all(ANN, INBOX)).isEqualTo(again);
    }

    @Test
    void nothingIsCopiedIntoAMailboxThatIsGone() throws IOException {
        deliver("a\r\n", ANN, INBOX);
        Mailbox work = store.create(ANN, WORK, null);
        store.delete(work);
        assertThatThrownBy(() -> store.move(box(ANN, INBOX), List.of(Uid.FIRST), work))
                .isInstanceOf(IOException.class);
        assertThat(all(ANN, INBOX)).hasSize(1);
        assertThat(store.messages(work, Uid.FIRST, Uid.LAST)).isEmpty();
    }

    @Test
    void whoWatchesAMailboxIsToldOfChanges() throws Exception {
        MessageRef message = deliver("a\r\n", ANN, INBOX);
        deliver("a\r\n", ANN, WORK);
        Mailbox inbox = box(ANN, INBOX);
        Semaphore told = new Semaphore(0);
        try (Closeable watch = store.watch(inbox.id(), told::release)) {
            assertThat(watch).isNotNull();
            deliver("b\r\n", ANN, INBOX);
            assertThat(told.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
            store.flags(inbox, List.of(message.uid()), flags -> Flags.of(Flag.SEEN));
            assertThat(told.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
            store.flags(inbox, List.of(message.uid()), flags -> Flags.of(Flag.SEEN));
            deliver("b\r\n", ANN, WORK);
            store.expunge(inbox, List.of(message.uid()));
            assertThat(told.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
            assertThat(told.availablePermits()).isZero();
        }
        deliver("c\r\n", ANN, INBOX);
        assertThat(told.availablePermits()).isZero();
    }

    @Test
    void readersAreServedWhileTheMessageGoes() throws IOException {
        byte[] text = noise(3, 300_000);
        MessageRef message = deliver(text, place(ANN, INBOX)).getFirst();
        try (InputStream in = store.open(message, 0)) {
            byte[] start = in.readNBytes(1_000);
            store.expunge(box(ANN, INBOX), List.of(message.uid()));
            byte[] rest = in.readAllBytes();
            assertThat(start).isEqualTo(Arrays.copyOf(text, 1_000));
            assertThat(rest).isEqualTo(Arrays.copyOfRange(text, 1_000, text.length));
        }
        try {
            assertThat(read(message, 0)).isEqualTo(text);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("gone");
        }
    }

    @Test
    void idsOfDeliveriesAreThereWithThemAndForSevenDays() throws IOException {
        String id = "5be0cd19137e2179cbbb9d5dc1059ed8";
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap(ascii("one")));
            assertThat(store.hasTaken(id)).isFalse();
            incoming.commit(List.of(place(ANN, INBOX)), Set.of(id));
        }
        assertThat(store.hasTaken(id)).isTrue();
        try (Incoming incoming = store.incoming()) {
            assertThatThrownBy(() -> incoming.commit(List.of(place(ANN, INBOX)), Set.of(id)))
                    .isInstanceOf(IOException.class);
        }
        assertThat(box(ANN, INBOX).messages()).isOne();

        now = START.plus(MailboxStore.IDS_KEPT).plusSeconds(1);
        try (Incoming incoming = store.incoming()) {
            incoming.commit(List.of(place(ANN, INBOX)), Set.of("00000000000000000000000000000001"));
        }
        assertThat(store.hasTaken(id)).isFalse();
    }

    @Test
    void frontMayBeUtf8() throws IOException {
        String front = "Return-Path: <jürgen@example.com>\r\n";
        MessageRef message = deliver(ascii("text"), new Incoming.Place(ANN, INBOX, front, Flags.NONE, START))
                .getFirst();
        byte[] whole = (front + "text").getBytes(StandardCharsets.UTF_8);
        assertThat(message.size()).isEqualTo(whole.length);
        assertThat(read(message, 0)).isEqualTo(whole);
        assertThat(read(message, 20)).isEqualTo(Arrays.copyOfRange(whole, 20, whole.length));
        assertThat(box(ANN, INBOX).bytes()).isEqualTo(whole.length);
    }
}
