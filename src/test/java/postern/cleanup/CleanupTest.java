package postern.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.config.MainCf;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.queue.Body;
import postern.queue.Mail;
import postern.queue.MemoryQueue;
import postern.smtp.Directive;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;

class CleanupTest {
    private static final Instant NOW = Instant.parse("2026-11-22T15:04:05Z");
    private static final Peer PEER =
            new Peer("192.0.2.7", 4711, "client.example", "client.example", "helo.example", "ESMTP", "", "", "");

    private final MemoryQueue queue = new MemoryQueue(() -> NOW);
    private final List<Mail> arrived = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>(Map.of("myhostname", "mail.example.com"));
    private final Map<String, List<String>> aliases = new HashMap<>();
    private boolean ownClient;

    private static Table table(Map<String, String> entries) {
        return new Table() {
            @Override
            public Lookup find(String key) {
                return Lookup.of(entries.entrySet().stream()
                        .filter(entry -> key.startsWith(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null));
            }

            @Override
            public String name() {
                return "inline:test";
            }
        };
    }

    private Handover open() {
        Addressing addressing = new Addressing() {
            @Override
            public postern.address.Path sender(postern.address.Path sender) {
                return sender;
            }

            @Override
            public Expansion expand(Address recipient) {
                if (recipient.localPart().equals("dead-table")) {
                    throw new Reply.Refused("451 4.3.0 Temporary lookup failure");
                }
                return new Expansion(
                        recipient,
                        aliases.getOrDefault(recipient.key(), List.of(recipient.internal())).stream()
                                .map(Address::ofInternal)
                                .toList());
            }
        };
        MainCf conf = MainCf.of(Path.of("/"), settings);
        ContentChecks checks = ContentChecks.of(conf, new Tables(TableContext.of(conf)));
        Cleanup cleanup = new Cleanup(
                conf,
                new Cleanup.Services(
                        (service, text) -> log.add(service + ": " + text),
                        new QueueOutlet.Behind(queue, arrived::add, (mail, aliased) -> {}).outlet(),
                        peer -> ownClient,
                        () -> NOW),
                new Cleanup.Maps(
                        addressing,
                        checks,
                        null,
                        null,
                        table(Map.of()),
                        table(Map.of("archive@", "vault@example.com"))));
        return cleanup.open(
                new Envelope(postern.address.Path.of(Address.ofInternal("a@b.example")), Params.NONE, PEER, NOW));
    }

    private static Reply rcpt(Handover handover, String address) {
        return handover.rcpt(new Recipient(Address.ofInternal(address), Params.NONE));
    }

    private static void write(Handover handover, String text) {
        handover.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String text(Mail mail) throws IOException {
        try (Body body = queue.body(mail.id())) {
            ByteBuffer all = ByteBuffer.allocate((int) body.size());
            while (all.hasRemaining() && body.read(all) >= 0) {
                // read on
            }
            assertThat(body.size()).isEqualTo(mail.size());
            return StandardCharsets.UTF_8.decode(all.flip()).toString();
        }
    }

    private Mail one(String text) {
        Handover handover = open();
        assertThat(rcpt(handover, "x@example.com").toString()).isEqualTo("250 2.1.5 Ok");
        write(handover, text);
        assertThat(handover.commit().forAll().toString()).isEqualTo("250 2.0.0 Ok: queued as " + handover.id());
        return arrived.getLast();
    }

    /// message_drop_headers, as Postfix: a blind copy must stay blind.
    @Test
    void fieldsThatOthersMustNotSeeAreTakenOut() throws IOException {
        Mail mail =
                one("Subject: a\r\nBcc: secret@example.com,\r\n  other@example.com\r\nreturn-path: <me>\r\nTo: b\r\n"
                        + "\r\nBcc: text\r\n");
        assertThat(text(mail))
                .endsWith("\r\nSubject: a\r\nTo: b\r\n\r\nBcc: text\r\n")
                .doesNotContain("secret", "<me>");
    }

    @Test
    void putsItsTraceFieldInFrontAndChangesNothingElse() throws IOException {
        Mail mail = one("Subject: hi\r\nMessage-ID: <1@b>\r\n\r\nGrüße\r\n.\r\n");
        assertThat(text(mail).replaceFirst("(?s)^.*?;[^\r]*\r\n", ""))
                .isEqualTo("Subject: hi\r\nMessage-ID: <1@b>\r\n\r\nGrüße\r\n.\r\n");
        assertThat(text(mail))
                .startsWith(
                        "Received: from helo.example (client.example [192.0.2.7])\r\n\tby mail.example.com (Postfix) with ESMTP id "
                                + mail.id() + "\r\n\tfor <x@example.com>; Sun, 22 Nov 2026 15:04:05 +0000 (");
        assertThat(mail.messageId()).isEqualTo("<1@b>");
        assertThat(mail.eightBit()).isTrue();
        assertThat(log).contains("cleanup: " + mail.id() + ": message-id=<1@b>");
    }

    @Test
    void anEmptyMessageIsAMessage() throws IOException {
        Mail mail = one("");
        assertThat(text(mail)).startsWith("Received: from").endsWith("\r\n");
    }

    @Test
    void onlyOurOwnClientsGetTheFieldsTheyLack() throws IOException {
        assertThat(text(one("Subject: x\r\n\r\n"))).doesNotContain("Message-Id").doesNotContain("Date:");
        ownClient = true;
        Mail mail = one("Subject: x\r\n\r\nbody\r\n");
        assertThat(text(mail))
                .contains("\r\nMessage-Id: <20261122150405." + mail.id() + "@mail.example.com>\r\n")
                .contains("\r\nDate: Sun, 22 Nov 2026 15:04:05 +0000 (")
                .contains("\r\nFrom: a@b.example\r\n\r\nbody\r\n");
    }

    /// More than 50 Received fields mean that the mail goes round in a loop.
    @Test
    void endsLoops() {
        Handover handover = open();
        rcpt(handover, "x@example.com");
        write(handover, "Received: from a by b\r\n".repeat(50));
        assertThatThrownBy(() -> write(handover, "Received: from a by b\r\nSubject: x\r\n"))
                .hasMessage("554 5.4.6 Error: too many hops");
        handover.abort();
        assertThat(queue.counts().active()).isZero();
    }

    @Test
    void expandsAliasesOnceAndRemembersWhoWasMeant() {
        aliases.put("all@example.com", List.of("x@example.com", "y@example.com"));
        Handover handover = open();
        rcpt(handover, "x@example.com");
        rcpt(handover, "all@example.com");
        write(handover, "\r\n");
        handover.commit();
        assertThat(arrived.getLast().recipients())
                .extracting(recipient -> recipient.address() + " for " + recipient.original())
                .containsExactly("x@example.com for x@example.com", "y@example.com for all@example.com");
    }

    /// A temporary failure is never "no such user", and costs only this recipient.
    @Test
    void aDeadTableRefusesOneRecipientForNow() {
        Handover handover = open();
        assertThat(rcpt(handover, "dead-table@example.com").toString()).isEqualTo("451 4.3.0 Temporary lookup failure");
        assertThat(rcpt(handover, "x@example.com").code()).isEqualTo(250);
        write(handover, "\r\n");
        handover.commit();
        assertThat(arrived.getLast().recipients()).hasSize(1);
    }

    @Test
    void blindCopiesAskForNoNotices() {
        settings.put("always_bcc", "all@example.com");
        Handover handover = open();
        rcpt(handover, "archive@example.com");
        write(handover, "\r\n");
        handover.commit();
        assertThat(arrived.getLast().recipients())
                .extracting(
                        recipient -> recipient.address() + recipient.params().toString())
                .containsExactly(
                        "archive@example.com", "all@example.com NOTIFY=NEVER", "vault@example.com NOTIFY=NEVER");
    }

    @Test
    void heldMailWaitsAndDiscardedMailIsGone() throws IOException {
        Handover held = open();
        rcpt(held, "x@example.com");
        held.direct(new Directive.Hold("look first"));
        write(held, "\r\n");
        held.commit();
        assertThat(arrived).isEmpty();
        assertThat(queue.counts().held()).isEqualTo(1);
        Handover discarded = open();
        rcpt(discarded, "x@example.com");
        discarded.direct(new Directive.Discard("trash"));
        write(discarded, "\r\n");
        assertThat(discarded.commit().forAll().code()).isEqualTo(250);
        assertThat(queue.counts().active()).isZero();
    }

    @Test
    void policysLinesComeFirst() throws IOException {
        Handover handover = open();
        rcpt(handover, "x@example.com");
        handover.direct(new Directive.Prepend("X-Policy: seen"));
        write(handover, "\r\n");
        handover.commit();
        assertThat(text(arrived.getLast())).startsWith("X-Policy: seen\r\nReceived: from");
    }
}
