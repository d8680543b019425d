package postern.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.address.Address;
import postern.smtp.Handover;
import postern.smtp.Params;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;

/// How a message gets into the queue, and what is said when it does not.
class QueueEntryTest {
    @TempDir
    private Path directory;

    private Desk desk() {
        return new Desk(directory)
                .set("local_header_rewrite_clients", "")
                .set("virtual_alias_maps", "inline:{ alias@example.com=real@example.net }");
    }

    private static void rcpt(Handover handover, String address, Dsn.Notify... when) {
        handover.rcpt(new Recipient(Address.ofInternal(address), Params.NONE.with(Dsn.NOTIFY, Set.of(when))));
    }

    /// Who asked to be told of success is told that the address was an alias; those behind it are not asked.
    @Test
    void anAliasIsReportedAsExpandedAndOnlyOnce() {
        Desk desk = desk();
        Handover handover = desk.open();
        rcpt(handover, "alias@example.com", Dsn.Notify.SUCCESS, Dsn.Notify.FAILURE);
        rcpt(handover, "plain@example.com", Dsn.Notify.SUCCESS);
        Desk.send(handover, "Subject: x\n\n");
        assertThat(desk.expanded).containsExactly("alias@example.com");
        assertThat(desk.arrived.getLast().recipients())
                .extracting(to -> to.address() + to.params().toString())
                .containsExactly("real@example.net NOTIFY=FAILURE", "plain@example.com NOTIFY=SUCCESS");
        Handover only = desk.open();
        rcpt(only, "alias@example.com", Dsn.Notify.SUCCESS);
        Desk.send(only, "Subject: x\n\n");
        assertThat(desk.arrived.getLast().recipients())
                .extracting(to -> to.address() + to.params().toString())
                .containsExactly("real@example.net NOTIFY=NEVER");
    }

    @Test
    void nobodyIsToldWhoDidNotAsk() {
        Desk desk = desk();
        Handover handover = desk.open("alias@example.com");
        rcpt(handover, "alias@example.com", Dsn.Notify.FAILURE);
        Desk.send(handover, "Subject: x\n\n");
        assertThat(desk.expanded).isEmpty();
    }

    /// What a real Postfix does after `postsuper -r`: a trace field of its own in front, with the time of that;
    /// the time of arrival stays, tables are asked anew.
    @Test
    void aMessageThatComesInAgainHasOneTraceFieldMore() throws IOException {
        Desk desk = desk().expressions("header_checks", "/^Subject: held/ HOLD waiting");
        Handover handover = desk.cleanup().open(desk.envelope("2B9E620E098"));
        rcpt(handover, "alias@example.com");
        assertThat(Desk.send(handover, "Received: from client.test\n\tid 2B9E620E098; then\nSubject: x\n\n"))
                .startsWith("250 ");
        assertThat(desk.whole())
                .matches("(?s)Received: by mail\\.example\\.com \\(Postfix\\) id " + handover.id()
                        + "; Sun, 22 Nov 2026 [0-9]{2}:56:21 [^\n]*\nReceived: from client\\.test\n.*");
        assertThat(desk.arrived.getLast().arrival()).isEqualTo(Desk.NOW);
        assertThat(desk.arrived.getLast().recipients())
                .singleElement()
                .satisfies(to -> assertThat(to.address().internal()).isEqualTo("real@example.net"));
        assertThat(desk.log()).first().isEqualTo("pickup: ID: from=<a@b.example> orig_id=2B9E620E098");
    }

    @Test
    void aQueueThatCannotTakeItIsSaidInPostfixsWords() {
        Desk desk = desk();
        Handover handover = desk.open("x@example.com");
        desk.queue.refuse(Reply.of("452 4.3.1 Insufficient system storage"));
        assertThat(Desk.send(handover, "Subject: x\n\n")).isEqualTo("452 4.3.1 Insufficient system storage");
        assertThat(desk.log()).last().isEqualTo("cleanup: warning: ID: write queue file: No space left on device");
        desk.queue.refuse(null);
        Handover other = desk.open("x@example.com");
        desk.queue.refuse(Reply.of("451 4.3.0 Error: queue file write error"));
        assertThat(Desk.send(other, "Subject: x\n\n")).isEqualTo("451 4.3.0 Error: queue file write error");
        assertThat(desk.log())
                .last()
                .isEqualTo("cleanup: warning: ID: write queue file: Error: queue file write error");
        assertThat(desk.queue.counts().active()).isZero();
    }
}
