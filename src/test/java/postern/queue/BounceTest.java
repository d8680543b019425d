package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.address.Address;
import postern.address.Path;
import postern.smtp.EnhancedStatus;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.SmtpUtf8;

class BounceTest {
    private static final String TEXT = "Subject: hello\r\nX-Long: a\r\n b\r\n\r\nHello there.\r\n.dot\r\n";
    private final PostOffice office = new PostOffice();

    BounceTest() {
        office.agent = request -> request.mail().isNotice() ? PostOffice.sent(request) : PostOffice.bounced(request);
    }

    private static Path path(String address) {
        return Path.of(Address.ofInternal(address));
    }

    private Mail send(Path sender, Params params, List<Recipient> recipients) {
        Peer peer = new Peer("192.0.2.7", 4, "c.example", "c.example", "c", "ESMTP", "", "", "");
        Mail mail = office.commit(sender, params, recipients, TEXT.getBytes(StandardCharsets.UTF_8), peer);
        office.scheduler().take(mail);
        office.deliverOne();
        return mail;
    }

    private ReadNotice notice() {
        assertThat(office.notices).hasSize(1);
        return ReadNotice.of(office.text(office.notices.getFirst()));
    }

    private Mail noticeMail() {
        Queued queued = office.queue.read(office.notices.getFirst());
        assertThat(queued).isNotNull();
        return queued.mail();
    }

    @Test
    void failureComesBackWithReasonStatusAndMessage() {
        Mail mail = send(path("a@example.net"), Params.NONE, PostOffice.recipients("b@example.com"));
        ReadNotice notice = notice();

        assertThat(noticeMail().sender()).isEqualTo(Path.NULL);
        assertThat(noticeMail().recipients())
                .extracting(recipient -> recipient.address().internal())
                .containsExactly("a@example.net");
        assertThat(notice.header())
                .containsEntry("from", "Mail Delivery System <MAILER-DAEMON@example.org>")
                .containsEntry("to", "a@example.net")
                .containsEntry("auto-submitted", "auto-replied")
                .containsEntry("mime-version", "1.0")
                .containsKeys("date", "message-id", "subject");
        assertThat(notice.header().get("content-type"))
                .startsWith("multipart/report; report-type=delivery-status; boundary=");
        assertThat(notice.parts())
                .extracting(ReadNotice.Part::type)
                .containsExactly("text/plain", "message/delivery-status", "message/rfc822");
        assertThat(notice.status().getFirst())
                .containsEntry("reporting-mta", "dns; mx.example.org")
                .containsEntry("x-postern-queue-id", mail.id().toString())
                .containsEntry("x-postern-sender", "rfc822; a@example.net")
                .containsKey("arrival-date")
                .doesNotContainKey("original-envelope-id");
        assertThat(notice.status().get(1))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "final-recipient", "rfc822; b@example.com",
                        "action", "failed",
                        "status", "5.1.1",
                        "remote-mta", "dns; mx.example.com",
                        "diagnostic-code", "smtp; 550 5.1.1 No such user"));
        assertThat(notice.parts().get(0).body()).contains("<b@example.com>:").contains("550 5.1.1 No such user");
        assertThat(notice.parts().get(2).body()).isEqualTo(TEXT);
        assertThat(office.logged("bounce: " + mail.id() + ": sender non-delivery notification: "
                        + noticeMail().id()))
                .hasSize(1);
    }

    /// RFC 3461 §4.1 and §4.3, for a message that fails: who hears of it, and what comes back.
    @ParameterizedTest
    @CsvSource({
        "'', '', message/rfc822",
        "'', FULL, message/rfc822",
        "'', HDRS, text/rfc822-headers",
        "FAILURE, '', message/rfc822",
        "'FAILURE,DELAY', HDRS, text/rfc822-headers",
        "SUCCESS, '', ",
        "DELAY, '', ",
        "NEVER, FULL, "
    })
    void notifyAndRetAreHonouredForFailures(String notify, String ret, @Nullable String returned) {
        Params rcpt = notify.isEmpty() ? Params.NONE : Params.NONE.with(Dsn.NOTIFY, Dsn.NOTIFY.parse(notify));
        Params mail = ret.isEmpty() ? Params.NONE : Params.NONE.with(Dsn.RET, Dsn.RET.parse(ret));
        send(path("a@example.net"), mail, List.of(new Recipient(new Address("b", "example.com"), rcpt)));
        if (returned == null) {
            assertThat(office.notices).isEmpty();
        } else {
            assertThat(notice().parts().get(2).type()).isEqualTo(returned);
        }
        office.deliverAll();
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    /// The same for a message that arrives at a next hop with or without DSN (RFC 3461 §5.2).
    @ParameterizedTest
    @CsvSource({
        "'', false, false, ",
        "FAILURE, false, false, ",
        "SUCCESS, false, false, relayed",
        "SUCCESS, true, false, ",
        "'SUCCESS,FAILURE', false, true, delivered",
        "NEVER, false, false, "
    })
    void successIsToldWhereTheNextHopDoesNot(
            String notify, boolean dsnCapable, boolean isFinal, @Nullable String action) {
        office.agentIsFinal = isFinal;
        office.agent = request -> PostOffice.all(
                request, new DeliveryStatus.Sent(EnhancedStatus.OK, "mx", "250 Ok", null, "mx", dsnCapable), false);
        Params rcpt = notify.isEmpty() ? Params.NONE : Params.NONE.with(Dsn.NOTIFY, Dsn.NOTIFY.parse(notify));
        Mail mail =
                send(path("a@example.net"), Params.NONE, List.of(new Recipient(new Address("b", "example.com"), rcpt)));
        if (action == null) {
            assertThat(office.notices).isEmpty();
        } else {
            assertThat(notice().status().get(1)).containsEntry("action", action).containsEntry("status", "2.0.0");
            assertThat(notice().parts().get(2).type()).isEqualTo("text/rfc822-headers");
            assertThat(office.logged(mail.id() + ": sender delivery status notification: "))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"'', true", "DELAY, true", "'FAILURE', false", "'SUCCESS,FAILURE', false", "NEVER, false"})
    void delayIsToldToWhoWantsIt(String notify, boolean told) {
        office.set("delay_warning_time", "1s");
        office.agent = PostOffice::greylisted;
        Params rcpt = notify.isEmpty() ? Params.NONE : Params.NONE.with(Dsn.NOTIFY, Dsn.NOTIFY.parse(notify));
        Mail mail = office.committed(
                path("a@example.net"), Params.NONE, List.of(new Recipient(new Address("b", "example.com"), rcpt)));
        office.advance(Duration.ofMinutes(1));
        office.scheduler().take(mail);
        office.deliverOne();
        assertThat(office.notices).hasSize(told ? 1 : 0);
        if (told) {
            assertThat(notice().status().get(1))
                    .containsEntry("action", "delayed")
                    .containsEntry("status", "4.2.0")
                    .containsKey("will-retry-until");
        }
    }

    @Test
    void envelopeIdAndOriginalRecipientComeBackDecoded() {
        Params mail = Params.NONE.with(Dsn.ENVID, "order 7+1");
        Params rcpt = Params.NONE.with(Dsn.ORCPT, Dsn.ORCPT.parse("rfc822;Info+2Bx@example.org"));
        send(path("a@example.net"), mail, List.of(new Recipient(new Address("b", "example.com"), rcpt)));
        assertThat(notice().status().getFirst()).containsEntry("original-envelope-id", "order 7+1");
        assertThat(notice().status().get(1)).containsEntry("original-recipient", "rfc822;Info+x@example.org");
    }

    @Test
    void expandedRecipientNamesTheAddressThatWasWrittenTo() {
        Recipient expanded =
                new Recipient(new Address("b", "example.com"), new Address("info", "example.org"), Params.NONE);
        send(path("a@example.net"), Params.NONE, List.of(expanded));
        assertThat(notice().status().get(1)).containsEntry("original-recipient", "rfc822; info@example.org");
        assertThat(notice().parts().getFirst().body()).contains("<b@example.com> (you wrote to <info@example.org>):");
    }

    @Test
    void severalFailuresShareOneNotice() {
        office.scheduler().take(office.committed("a@example.net", "b@one.example", "c@two.example", "d@two.example"));
        office.deliverOne();
        assertThat(office.notices).isEmpty();
        office.deliverOne();
        assertThat(notice().status()).hasSize(4);
    }

    @Test
    void largeMessageComesBackAsItsHeader() {
        office.set("bounce_size_limit", "40");
        send(path("a@example.net"), Params.NONE, PostOffice.recipients("b@example.com"));
        assertThat(notice().parts().get(2).type()).isEqualTo("text/rfc822-headers");
        assertThat(notice().parts().get(2).body()).isEqualTo("Subject: hello\r\nX-Long: a\r\n b\r\n");
    }

    @Test
    void headerThatIsTooLongComesBackInWholeLines() {
        office.set("bounce_size_limit", "20");
        send(path("a@example.net"), Params.NONE, PostOffice.recipients("b@example.com"));
        assertThat(notice().parts().get(2).body()).isEqualTo("Subject: hello\r\n");
    }

    @Test
    void utf8AddressesUseTheFormsOfRfc6533() {
        Address to = new Address("дед", "пример.рф");
        send(
                Path.of(new Address("søren", "example.net")),
                Params.NONE.with(SmtpUtf8.SMTPUTF8, true),
                List.of(new Recipient(to, Params.NONE)));
        ReadNotice notice = notice();
        assertThat(noticeMail().params().has(SmtpUtf8.SMTPUTF8)).isTrue();
        assertThat(notice.header()).containsEntry("to", "søren@example.net");
        assertThat(notice.parts())
                .extracting(ReadNotice.Part::type)
                .containsExactly("text/plain", "message/global-delivery-status", "message/global");
        assertThat(notice.status().get(1)).containsEntry("final-recipient", "utf-8; дед@пример.рф");
    }

    /// CR, LF and other controls in a next hop's words or in ORCPT must not make header fields of their own.
    @Test
    void foreignWordsCannotAddFieldsOrParts() {
        office.agent = request -> request.mail().isNotice()
                ? PostOffice.sent(request)
                : PostOffice.all(
                        request,
                        new DeliveryStatus.Bounced(
                                new EnhancedStatus(5, 0, 0),
                                "mx",
                                "said: 550 evil\r\nBcc: x@example.org\r\n\r\n--b\u0000\u001b[2Jé",
                                new Reply(550, null, List.of("evil\r\nAction: delivered", "two\u2028three")),
                                "mx\r\nX: y"),
                        false);
        send(path("a@example.net"), Params.NONE, PostOffice.recipients("b@example.com"));
        assertThat(notice().parts()).hasSize(3);
        assertThat(notice().status()).hasSize(2);
        assertThat(notice().status().get(1))
                .containsEntry("action", "failed")
                .containsEntry("remote-mta", "dns; mx  X: y")
                .containsEntry("diagnostic-code", "smtp; 550 evil  Action: delivered two three");
        assertThat(office.text(office.notices.getFirst())).doesNotContain("\u0000", "\u001b", "é");
    }

    @Test
    void mailFromNobodyIsNeverAnswered() {
        send(Path.NULL, Params.NONE, PostOffice.recipients("b@example.com"));
        office.deliverAll();
        assertThat(office.notices).isEmpty();
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    @Test
    void noticeThatFailsGoesToThePostmasterWhereThatIsWanted() {
        office.set("notify_classes", "2bounce");
        send(Path.NULL, Params.NONE, PostOffice.recipients("b@example.com"));
        assertThat(noticeMail().sender()).isEqualTo(path("double-bounce@example.org"));
        assertThat(noticeMail().recipients().getFirst().address()).isEqualTo(new Address("postmaster", "example.org"));
        assertThat(office.logged("postmaster non-delivery notification: ")).hasSize(1);
    }

    /// Everything fails, the postmaster's mailbox too: the chain ends there.
    @Test
    void nothingLoops() {
        office.set("notify_classes", "bounce, 2bounce, delay, resource, software");
        office.agent = PostOffice::bounced;
        send(path("a@example.net"), Params.NONE, PostOffice.recipients("b@example.com"));
        office.deliverAll();
        assertThat(office.notices).hasSize(3);
        assertThat(office.logged("undeliverable postmaster notification discarded"))
                .hasSize(2);
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    @Test
    void postmasterHearsOfBouncesAndDelaysWhereThatIsWanted() {
        office.set("notify_classes", "bounce").set("bounce_notice_recipient", "ops@example.test");
        send(path("a@example.net"), Params.NONE, PostOffice.recipients("b@example.com"));
        assertThat(office.notices).hasSize(2);
        ReadNotice copy = ReadNotice.of(office.text(office.notices.getLast()));
        assertThat(copy.header()).containsEntry("to", "ops@example.test");
        assertThat(copy.parts().get(2).type()).isEqualTo("text/rfc822-headers");
    }

    @Test
    void recipientStaysOpenWhileItsNoticeCannotBeQueued() {
        office.noticesRefused = Reply.of("452 4.3.1 Insufficient system storage");
        Mail mail = send(path("a@example.net"), Params.NONE, PostOffice.recipients("b@example.com"));
        Queued queued = office.queue.read(mail.id());
        assertThat(queued).isNotNull();
        assertThat(queued.open().cardinality()).isEqualTo(1);
        assertThat(office.logged("cannot be queued now: 452 4.3.1")).hasSize(1);

        office.noticesRefused = null;
        office.retry();
        office.deliverAll();
        assertThat(office.notices).hasSize(1);
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    @Test
    void messageWhoseTextCannotBeReadIsReportedWithoutIt() {
        Queue damaged = new ForwardingQueue(office.queue) {
            @Override
            public Body body(QueueId id) throws IOException {
                throw new IOException("checksum does not agree");
            }
        };
        PostOffice damagedOffice = new PostOffice(damaged, office.queue);
        damagedOffice.agent = PostOffice::bounced;
        damagedOffice.scheduler().take(damagedOffice.committed("a@example.net", "b@example.com"));
        damagedOffice.deliverOne();
        assertThat(damagedOffice.logged("cannot be returned: checksum does not agree"))
                .hasSize(1);
        ReadNotice notice = ReadNotice.of(office.text(damagedOffice.notices.getFirst()));
        assertThat(notice.status().get(1)).containsEntry("action", "failed");
        assertThat(notice.parts().get(2).body()).isEmpty();
    }

    @Test
    void noticeThatCanNeverBeQueuedDoesNotKeepTheMessage() {
        office.noticesRefused = Reply.of("550 5.1.8 no such sender");
        send(path("a@example.net"), Params.NONE, PostOffice.recipients("b@example.com"));
        assertThat(office.logged("refused and dropped: 550 5.1.8")).hasSize(1);
        assertThat(office.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    /// What a next hop refused while others took it: the client waits for this notice.
    @Test
    void refusalInTheSessionComesBackWithTheHeaderOnly() {
        assertThat(refused(office.committed("a@example.net", "b@example.com", "c@example.com")))
                .isTrue();
        ReadNotice notice = notice();
        assertThat(notice.status().get(1))
                .containsEntry("action", "failed")
                .containsEntry("final-recipient", "rfc822; b@example.com")
                .containsEntry("status", "5.7.1");
        assertThat(notice.parts().get(2).type()).isEqualTo("text/rfc822-headers");
        assertThat(notice.parts().get(2).body()).contains("Subject: hello").doesNotContain("Hello there");
    }

    @Test
    void refusalInTheSessionIsTakenOnlyWithItsNotice() {
        for (String no : List.of("452 4.3.1 Insufficient system storage", "550 5.1.1 no such sender")) {
            office.noticesRefused = Reply.of(no);
            assertThat(refused(office.committed("a@example.net", "b@example.com")))
                    .isFalse();
        }
    }

    @Test
    void refusalInTheSessionIsToldToNobodyWhoDoesNotWantIt() {
        assertThat(refused(office.committed(Path.NULL, Params.NONE, PostOffice.recipients("b@example.com"))))
                .isTrue();
        Recipient silent = new Recipient(Address.ofInternal("b@example.com"), Params.NONE.with(Dsn.NOTIFY, Set.of()));
        assertThat(refused(office.committed(path("a@example.net"), Params.NONE, List.of(silent))))
                .isTrue();
        assertThat(office.notices).isEmpty();
    }

    private boolean refused(Mail mail) {
        Reply said = Reply.of("554 5.7.1 Spam");
        DeliveryStatus status =
                new DeliveryStatus.Bounced(new EnhancedStatus(5, 7, 1), "none", said.toString(), said, "");
        Report report = new Report(mail.recipients().getFirst(), status, Report.Action.FAILED);
        return office.bounce().refused(mail, List.of(report), ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.UTF_8)));
    }

    /// The power goes after the notice was committed and before the queue was told that the recipient is
    /// finished: after the restart it fails again, and a second notice is sent. Never none.
    @Test
    void crashBetweenNoticeAndDoneMakesASecondNoticeNeverNone() {
        MemoryQueue[] atCommit = new MemoryQueue[1];
        office.agent = PostOffice::bounced;
        Mail mail = office.committed("a@example.net", "b@example.com");
        Queue crashing = new ForwardingQueue(office.queue) {
            @Override
            public void done(QueueId id, java.util.BitSet recipients) {
                if (atCommit[0] == null) {
                    atCommit[0] = office.queue.restarted();
                }
            }
        };
        PostOffice first = new PostOffice(crashing, office.queue);
        first.agent = PostOffice::bounced;
        first.scheduler().take(mail);
        first.deliverOne();
        assertThat(first.notices).hasSize(1);

        PostOffice second = new PostOffice(atCommit[0], atCommit[0]);
        second.agent = request -> request.mail().isNotice() ? PostOffice.sent(request) : PostOffice.bounced(request);
        second.scheduler().fetch();
        second.deliverAll();
        assertThat(second.notices).hasSize(1);
        assertThat(second.delivered)
                .filteredOn(request -> request.mail().isNotice())
                .hasSize(2);
        assertThat(second.queue.counts()).isEqualTo(new Queue.Counts(0, 0, 0));
    }

    @Test
    void expansionIsToldToWhoAskedForSuccess() {
        Params rcpt = Params.NONE.with(Dsn.NOTIFY, Set.of(Dsn.Notify.SUCCESS));
        Mail mail = office.committed("a@example.net", "b@example.com");
        office.bounce().expanded(mail, List.of(new Recipient(new Address("list", "example.org"), rcpt)));
        assertThat(notice().status().get(1))
                .containsEntry("action", "expanded")
                .containsEntry("final-recipient", "rfc822; list@example.org")
                .containsEntry("status", "2.0.0");
    }

    @Test
    void threadedNoticeAnswersTheMessage() {
        office.set("enable_threaded_bounces", "yes");
        send(path("a@example.net"), Params.NONE, PostOffice.recipients("b@example.com"));
        assertThat(notice().header()).containsEntry("in-reply-to", "<m@x>").containsEntry("references", "<m@x>");
    }
}
