package postern.mailbox.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.address.Path;
import postern.cleanup.Outlet;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MemoryStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Quota;
import postern.mailbox.Uid;
import postern.message.MailDate;
import postern.queue.Body;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryResult;
import postern.queue.DeliveryStatus;
import postern.queue.Mail;
import postern.queue.QueueId;
import postern.smtp.Answer;
import postern.smtp.Envelope;
import postern.smtp.Fates;
import postern.smtp.HandoverId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.Prdr;
import postern.smtp.extension.Size;
import postern.smtp.extension.XHandover;

/// Mail into mailboxes: at once, and from the queue.
class MailboxOutletTest {
    private static final Instant NOW = Instant.parse("2026-11-23T00:40:00Z");
    private static final Path SENDER = Path.of(Address.ofInternal("a@b.example"));
    private static final AccountName YOU = new AccountName("you@example.com");
    private static final AccountName ME = new AccountName("me@example.com");
    private static final String TEXT = "Subject: x\r\n\r\ntext\r\n";

    private final MemoryStore store = new MemoryStore(() -> NOW);
    private final Map<String, Residents.Entry> book = new java.util.HashMap<>(Map.of(
            "you@example.com",
            new Residents.Entry(YOU, Quota.NONE),
            "me@example.com",
            new Residents.Entry(ME, Quota.NONE)));
    private final Residents residents =
            new Residents(address -> book.get(address.internal().toLowerCase()), store);
    private Path sender = SENDER;
    private final Kept queue = new Kept();
    private final List<String> log = new ArrayList<>();

    /// A queue that keeps the last text.
    private static final class Kept implements Outlet {
        final StringBuilder text = new StringBuilder();
        Complete committed;
        boolean aborted;

        @Override
        public QueueId id() {
            return new QueueId(42);
        }

        @Override
        public Reply rcpt(List<Recipient> recipients) {
            return Reply.of("250 2.1.5 Ok");
        }

        @Override
        public void write(ByteBuffer piece) {
            text.append(StandardCharsets.UTF_8.decode(piece));
        }

        @Override
        public Answer commit(Complete message) {
            committed = message;
            return new Answer(Reply.of("250 2.0.0 Ok: queued"));
        }

        @Override
        public void abort() {
            aborted = true;
        }
    }

    private MailboxOutlet.Opener opener(boolean junk) {
        MailLog lines = (service, line) -> log.add(service + ": " + line);
        Outlet.Opener opener = new Outlet.Opener() {
            @Override
            public Outlet open(Envelope envelope) {
                return queue;
            }

            @Override
            public Fates fates() {
                return id -> Fates.Fate.UNKNOWN;
            }
        };
        return new MailboxOutlet.Opener(
                residents, new Placing(junk, true, "mail.example.com", "Postfix"), opener, (_, _) -> true, true, lines);
    }

    private Outlet open(boolean junk) {
        return opener(junk).open(new Envelope(sender, Params.NONE, Peer.LOCAL, NOW));
    }

    private Outlet open(Params params) {
        return opener(true).open(new Envelope(sender, params, Peer.LOCAL, NOW));
    }

    private static String front(String from, String to) {
        return "Return-Path: <" + from + ">\r\nDelivered-To: " + to
                + "\r\nReceived: by mail.example.com (Postfix) id " + new QueueId(42) + "\r\n\tfor <" + to + ">; "
                + MailDate.format(NOW, ZoneId.systemDefault()) + "\r\n";
    }

    private static Recipient recipient(String address) {
        return new Recipient(Address.ofInternal(address), Params.NONE);
    }

    private Mail mail(Recipient... recipients) {
        return new Mail(
                new QueueId(42),
                sender,
                Params.NONE,
                Peer.LOCAL,
                NOW,
                List.of(recipients),
                TEXT.length(),
                "",
                false,
                false,
                "",
                false);
    }

    private Reply send(Outlet outlet, String text, boolean hold, Recipient... recipients) {
        for (Recipient recipient : recipients) {
            Reply reply = outlet.rcpt(List.of(recipient));
            if (!reply.isPositive()) {
                return reply;
            }
        }
        outlet.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return outlet.commit(new Outlet.Complete(mail(recipients), List.of(), hold))
                .forAll();
    }

    private Answer answer(Outlet outlet, String text, Recipient... recipients) {
        for (Recipient recipient : recipients) {
            assertThat(outlet.rcpt(List.of(recipient)).code()).isEqualTo(250);
        }
        outlet.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return outlet.commit(new Outlet.Complete(mail(recipients), List.of(), false));
    }

    private List<String> texts(AccountName account, String name) throws IOException {
        Mailbox mailbox = store.mailbox(account, new MailboxName(name));
        List<String> texts = new ArrayList<>();
        if (mailbox != null) {
            for (MessageRef message : store.messages(mailbox, Uid.FIRST, Uid.LAST)) {
                try (InputStream in = store.open(message, 0)) {
                    texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }

    @Test
    void messageForTwoWhoLiveHereIsInBothMailboxesBeforeTheAnswer() throws IOException {
        Reply reply = send(open(true), TEXT, false, recipient("you@example.com"), recipient("me@example.com"));
        assertThat(reply.toString()).startsWith("250 2.0.0 Ok: delivered as");
        assertThat(texts(YOU, "INBOX")).containsExactly(front("a@b.example", "you@example.com") + TEXT);
        assertThat(texts(ME, "INBOX")).containsExactly(front("a@b.example", "me@example.com") + TEXT);
        assertThat(queue.committed).isNull();
        assertThat(queue.aborted).isTrue();
        assertThat(log).anyMatch(line -> line.contains("to=<you@example.com>, relay=mailbox, dsn=2.0.0, status=sent"));
    }

    @Test
    void messageWithAnotherRecipientGoesIntoTheQueueAsAWhole() throws IOException {
        Reply reply = send(open(true), TEXT, false, recipient("you@example.com"), recipient("x@elsewhere.example"));
        assertThat(reply.toString()).isEqualTo("250 2.0.0 Ok: queued");
        assertThat(queue.text.toString()).isEqualTo(TEXT);
        assertThat(texts(YOU, "INBOX")).isEmpty();
    }

    @Test
    void senderWhoWantsANoticeOfSuccessGetsItFromTheQueue() {
        Recipient told = new Recipient(
                Address.ofInternal("you@example.com"), Params.NONE.with(Dsn.NOTIFY, Set.of(Dsn.Notify.SUCCESS)));
        assertThat(send(open(true), TEXT, false, told).toString()).isEqualTo("250 2.0.0 Ok: queued");
    }

    @Test
    void markedSpamGoesToJunkAndIsReadWhereTheHouseWantsThat() throws IOException {
        String spam = "X-Spam-Flag: YES\r\n" + TEXT;
        send(open(true), spam, false, recipient("you@example.com"));
        send(open(false), spam, false, recipient("you@example.com"));
        send(open(true), TEXT + "X-Spam: Yes\r\n", false, recipient("you@example.com"));
        assertThat(texts(YOU, "Junk")).singleElement().asString().endsWith(spam);
        assertThat(texts(YOU, "INBOX")).hasSize(2);
        Mailbox junk = store.mailbox(YOU, new MailboxName("Junk"));
        assertThat(store.messages(junk, Uid.FIRST, Uid.LAST).getFirst().flags().toString())
                .isEqualTo("\\Seen");
    }

    @Test
    void mailboxThatIsFullIsSaidAtRcpt() throws IOException {
        book.put("you@example.com", new Residents.Entry(YOU, new Quota(10)));
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap(new byte[11]));
            incoming.commit(List.of(new Incoming.Place(YOU, MailboxName.INBOX, "", Flags.NONE, NOW)));
        }
        assertThat(send(open(true), TEXT, false, recipient("you@example.com")).toString())
                .isEqualTo("552 5.2.2 <you@example.com>: Recipient address rejected: Mailbox is full");
    }

    @Test
    void sizeThatMailGaveIsHeldAgainstTheQuotaAndItsGrace() {
        book.put("you@example.com", new Residents.Entry(YOU, new Quota(1000)));
        assertThat(open(Params.NONE.with(Size.SIZE, 1100L))
                        .rcpt(List.of(recipient("you@example.com")))
                        .code())
                .isEqualTo(250);
        assertThat(open(Params.NONE.with(Size.SIZE, 1101L))
                        .rcpt(List.of(recipient("you@example.com")))
                        .code())
                .isEqualTo(552);
    }

    @Test
    void sizeThatWasNotGivenIsHeldAgainstItAfterTheText() throws IOException {
        book.put("you@example.com", new Residents.Entry(YOU, new Quota(10)));
        assertThat(send(open(true), TEXT, false, recipient("you@example.com")).toString())
                .isEqualTo("552 5.2.2 <you@example.com>: Mailbox is full");
        assertThat(texts(YOU, "INBOX")).isEmpty();
    }

    @Test
    void whoHearsEachRecipientHearsOfTheFullOneAlone() throws IOException {
        book.put("you@example.com", new Residents.Entry(YOU, new Quota(10)));
        Recipient[] both = {recipient("you@example.com"), recipient("me@example.com")};
        Answer answer = answer(open(Params.NONE.with(Prdr.PRDR, true)), TEXT, both);
        assertThat(answer.forAll().code()).isEqualTo(250);
        assertThat(answer.each()).extracting(Reply::code).containsExactly(552, 250);
        assertThat(texts(YOU, "INBOX")).isEmpty();
        assertThat(texts(ME, "INBOX")).hasSize(1);
        assertThat(queue.committed).isNull();
    }

    @Test
    void whoHearsOneReplyHasTheFullOneToldByTheQueue() throws IOException {
        book.put("you@example.com", new Residents.Entry(YOU, new Quota(10)));
        Recipient[] both = {recipient("you@example.com"), recipient("me@example.com")};
        HandoverId id = HandoverId.parse("5be0cd19137e2179cbbb9d5dc1059ed8");
        assertThat(answer(open(Params.NONE.with(XHandover.ID, id)), TEXT, both)
                        .forAll()
                        .toString())
                .isEqualTo("250 2.0.0 Ok: queued");
        assertThat(texts(ME, "INBOX")).hasSize(1);
        assertThat(queue.text.toString()).isEqualTo(TEXT);
        assertThat(queue.committed.mail().recipients()).containsExactly(both[0]);
        // the queue is the last to have it, and has its id
        assertThat(store.hasTaken(id.toString())).isFalse();
    }

    @Test
    void aliasWithOneFullMailboxOfTwoIsTaken() throws IOException {
        book.put("you@example.com", new Residents.Entry(YOU, new Quota(1)));
        Outlet outlet = open(Params.NONE.with(Size.SIZE, 100L));
        assertThat(outlet.rcpt(List.of(recipient("you@example.com"), recipient("me@example.com")))
                        .code())
                .isEqualTo(250);
        outlet.write(ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.UTF_8)));
        assertThat(queue.text.toString()).isEqualTo(TEXT);
    }

    @Test
    void ownerIsWarnedOnceOfEachMark() throws IOException {
        book.put("you@example.com", new Residents.Entry(YOU, new Quota(10_000)));
        int front = front("a@b.example", "you@example.com").length();
        for (int size : List.of(7000, 1000, 500, 1000, 200)) {
            String text = "\r\n" + "x".repeat(size - front - 4) + "\r\n";
            assertThat(send(open(true), text, false, recipient("you@example.com"))
                            .code())
                    .isEqualTo(250);
            // what warns takes room itself
            store.expunge(
                    store.mailbox(YOU, MailboxName.INBOX),
                    store.messages(store.mailbox(YOU, MailboxName.INBOX), Uid.FIRST, Uid.LAST).stream()
                            .filter(message -> message.front().isEmpty())
                            .map(MessageRef::uid)
                            .toList());
        }
        assertThat(log.stream().filter(line -> line.contains("is told")))
                .containsExactly(
                        "mailbox: you@example.com is told: mailbox is 80% full",
                        "mailbox: you@example.com is told: mailbox is 95% full");
    }

    @Test
    void warningIsAMessageThatMayPassTheQuota() throws IOException {
        book.put("you@example.com", new Residents.Entry(YOU, new Quota(100)));
        send(open(true), "\r\n" + "x".repeat(40) + "\r\n", false, recipient("you@example.com"));
        assertThat(texts(YOU, "INBOX"))
                .hasSize(2)
                .last()
                .asString()
                .contains("From: postmaster@example.com\r\n")
                .contains("Subject: quota warning\r\n")
                .contains("Your mailbox is 95% full");
    }

    @Test
    void handoverIdIsCommittedWithTheMail() throws IOException {
        HandoverId id = HandoverId.parse("5be0cd19137e2179cbbb9d5dc1059ed8");
        Fates fates = opener(true).fates();
        assertThat(fates.of(id)).isEqualTo(Fates.Fate.UNKNOWN);
        assertThat(answer(open(Params.NONE.with(XHandover.ID, id)), TEXT, recipient("you@example.com"))
                        .forAll()
                        .code())
                .isEqualTo(250);
        assertThat(fates.of(id)).isEqualTo(Fates.Fate.TAKEN);
        assertThatThrownBy(() -> open(Params.NONE.with(XHandover.ID, id))).isInstanceOf(Reply.Refused.class);
    }

    @Test
    void addressesInUtf8AndQuotesAreWholeInFront() throws IOException {
        book.put("jürgen+büro@example.com", new Residents.Entry(YOU, Quota.NONE));
        sender = Path.of(Address.ofInternal("a b@bücher.example"));
        send(open(true), TEXT, false, recipient("jürgen+büro@example.com"));
        assertThat(texts(YOU, "INBOX"))
                .containsExactly(front("\"a b\"@bücher.example", "jürgen+büro@example.com") + TEXT);
    }

    @Test
    void deliveryFromTheQueueIsRecognisedWhenItComesAgain() throws IOException {
        Recipient[] all = {recipient("you@example.com")};
        MailboxDelivery delivery = new MailboxDelivery(
                residents,
                new Placing(true, false, "mail.example.com", "Postfix"),
                (service, line) -> log.add(service + ": " + line));
        DeliveryRequest request =
                new DeliveryRequest(mail(all), List.of(all), "mailbox", "", 0, MailboxOutletTest::body);
        assertThat(delivery.deliver(request).statuses()).singleElement().isInstanceOf(DeliveryStatus.Sent.class);
        assertThat(delivery.deliver(request).statuses()).singleElement().isInstanceOf(DeliveryStatus.Sent.class);
        assertThat(texts(YOU, "INBOX")).hasSize(1);
    }

    @Test
    void whatWouldHaveToBeHeldIsNotDelivered() throws IOException {
        assertThatThrownBy(() -> send(open(true), TEXT, true, recipient("you@example.com")))
                .isInstanceOf(Reply.Refused.class)
                .extracting(e -> ((Reply.Refused) e).reply().toString())
                .isEqualTo("451 4.3.5 Server configuration error");
        assertThat(texts(YOU, "INBOX")).isEmpty();
    }

    private static String refusal(Runnable sending) {
        Throwable thrown = catchThrowable(sending::run);
        assertThat(thrown).isInstanceOf(Reply.Refused.class);
        return ((Reply.Refused) thrown).reply().toString();
    }

    /// A disk that is full, before the text or behind it, or broken: nothing is half there, and the next mail comes in.
    @Test
    void diskThatTakesNothingIsSaidAndNothingIsHalfThere() throws IOException {
        Recipient[] both = {recipient("you@example.com"), recipient("me@example.com")};
        store.failWith(new IOException("No space left on device"));
        assertThat(refusal(() -> send(open(true), TEXT, false, both)))
                .isEqualTo("452 4.3.1 Insufficient system storage");
        store.failWith(null);
        Outlet written = open(true);
        written.rcpt(List.of(both[0]));
        written.rcpt(List.of(both[1]));
        written.write(ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.UTF_8)));
        store.failWith(new IOException("[SQLITE_FULL] Insertion failed (database or disk is full)"));
        assertThat(refusal(() -> written.commit(new Outlet.Complete(mail(both), List.of(), false))))
                .isEqualTo("452 4.3.1 Insufficient system storage");
        store.failWith(new IOException("Input/output error"));
        assertThat(refusal(() -> send(open(true), TEXT, false, both)))
                .isEqualTo("451 4.3.0 Error: mailbox write error");
        store.failWith(null);
        assertThat(texts(YOU, "INBOX")).isEmpty();
        assertThat(texts(ME, "INBOX")).isEmpty();
        assertThat(queue.committed).isNull();
        assertThat(send(open(true), TEXT, false, both).code()).isEqualTo(250);
        assertThat(log).anyMatch(line -> line.contains("mailboxes cannot be written: No space left"));
    }

    @Test
    void fromTheQueueEachRecipientHasAnOutcomeOfItsOwn() throws IOException {
        book.put("me@example.com", new Residents.Entry(ME, new Quota(5)));
        Recipient[] all = {recipient("you@example.com"), recipient("nobody@example.com"), recipient("me@example.com")};
        DeliveryResult result = new MailboxDelivery(
                        residents,
                        new Placing(true, false, "mail.example.com", "Postfix"),
                        (service, line) -> log.add(service + ": " + line))
                .deliver(new DeliveryRequest(mail(all), List.of(all), "mailbox", "", 0, MailboxOutletTest::body));
        assertThat(result.statuses().get(0)).isInstanceOf(DeliveryStatus.Sent.class);
        assertThat(result.statuses().get(1))
                .isInstanceOfSatisfying(
                        DeliveryStatus.Bounced.class,
                        bounced -> assertThat(bounced.status().toString()).isEqualTo("5.1.1"));
        assertThat(result.statuses().get(2))
                .isInstanceOfSatisfying(
                        DeliveryStatus.Bounced.class,
                        bounced -> assertThat(bounced.status().toString()).isEqualTo("5.2.2"));
        assertThat(texts(YOU, "INBOX")).singleElement().asString().endsWith(TEXT);
        assertThat(texts(ME, "INBOX")).isEmpty();
    }

    private static Body body() {
        ByteBuffer text = ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.US_ASCII));
        return new Body() {
            @Override
            public long size() {
                return TEXT.length();
            }

            @Override
            public int read(ByteBuffer into) {
                if (!text.hasRemaining()) {
                    return -1;
                }
                int count = Math.min(into.remaining(), text.remaining());
                for (int i = 0; i < count; i++) {
                    into.put(text.get());
                }
                return count;
            }

            @Override
            public void rewind() {
                text.rewind();
            }

            @Override
            public void close() {}
        };
    }
}
