package postern.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.smtp.Handover;
import postern.smtp.Peer;

/// header_checks(5) and its kin. Replies and log lines are those of Postfix 3.7 for the same tables and
/// messages.
class ContentChecksTest {
    private static final String FROM =
            " from localhost[127.0.0.1]; from=<a@b.example> to=<x@example.com> proto=ESMTP helo=<client.test>";

    @TempDir
    private Path directory;

    private Desk headers(String... expressions) throws IOException {
        return new Desk(directory).set("local_header_rewrite_clients", "").expressions("header_checks", expressions);
    }

    @Test
    void rejectsWithTheTablesWords() throws IOException {
        Desk desk = headers(
                "/^Subject: reject$/ REJECT",
                "/^Subject: reject 4/ REJECT 4.7.9 later please",
                "/^Subject: reject text/ REJECT go away");
        assertThat(desk.send("Subject: reject\n\nbody\n")).isEqualTo("550 5.7.1 message content rejected");
        assertThat(desk.log())
                .containsExactly(
                        "cleanup: ID: reject: header Subject: reject" + FROM + ": 5.7.1 message content rejected");
        assertThat(desk.send("Subject: reject 4\n\nbody\n")).isEqualTo("451 4.7.9 later please");
        assertThat(desk.log())
                .containsExactly("cleanup: ID: reject: header Subject: reject 4" + FROM + ": 4.7.9 later please");
        assertThat(desk.send("Subject: reject text\n\nbody\n")).isEqualTo("550 5.7.1 go away");
        assertThat(desk.queue.counts().active()).isZero();
    }

    @Test
    void seesFieldsOnTheirLinesAndOurOwnTraceField() throws IOException {
        Desk desk = headers("/^Subject: folded/ WARN", "/^Received:.*client.test/ WARN own received");
        desk.send("Subject: folded\n\tmore\n  more2\n\nbody\n");
        List<String> log = desk.log();
        assertThat(log.getFirst())
                .startsWith("cleanup: ID: warning: header Received: from client.test (localhost [127.0.0.1])??by mail.")
                .endsWith(": own received");
        assertThat(log.get(1)).isEqualTo("cleanup: ID: warning: header Subject: folded??more?  more2" + FROM);
    }

    @Test
    void changesWhatTheTableNames() throws IOException {
        Desk desk = headers(
                "/^X-Pre:/ PREPEND X-Prepended: yes",
                "/^X-Pbad:/ PREPEND nothing",
                "/^X-Rep:/ REPLACE X-Replaced: yes",
                "/^X-Rbad:/ REPLACE nothing",
                "/^X-Strip:/ STRIP gone",
                "/^X-Ign:/ IGNORE",
                "/^X-Bcc:/ BCC copy@example.net",
                "/^X-Badbcc:/ BCC copy",
                "/^X-Unknown:/ FOO bar",
                "/^X-Empty:/ PREPEND");
        desk.send("X-Pre: 1\nX-Pbad: 1\nX-Rep: 1\nX-Rbad: 1\nX-Strip: 1\nX-Ign: 1\nX-Bcc: 1\nX-Badbcc: 1\n"
                + "X-Unknown: 1\nX-Empty: 1\n\nbody\n");
        assertThat(desk.text())
                .isEqualTo("X-Prepended: yes\nX-Pre: 1\nX-Pbad: 1\nX-Replaced: yes\nX-Rbad: 1\nX-Bcc: 1\nX-Badbcc: 1\n"
                        + "X-Unknown: 1\nX-Empty: 1\n\nbody\n");
        assertThat(desk.arrived.getLast().recipients())
                .extracting(recipient -> recipient.address().internal())
                .containsExactly("x@example.com", "copy@example.net");
        assertThat(desk.log())
                .containsExactly(
                        "cleanup: ID: prepend: header X-Pre: 1" + FROM + ": X-Prepended: yes",
                        "cleanup: warning: bad PREPEND header text \"nothing\" in header_checks map -- need \"headername: headervalue\"",
                        "cleanup: ID: replace: header X-Rep: 1" + FROM + ": X-Replaced: yes",
                        "cleanup: warning: bad REPLACE header text \"nothing\" in header_checks map -- need \"headername: headervalue\"",
                        "cleanup: ID: strip: header X-Strip: 1" + FROM + ": gone",
                        "cleanup: ID: bcc: header X-Bcc: 1" + FROM + ": copy@example.net",
                        "cleanup: warning: bad BCC address \"copy\" in header_checks map -- need user@domain",
                        "cleanup: warning: unknown command in header_checks map: FOO bar",
                        "cleanup: warning: PREPEND action without text in header_checks map",
                        "cleanup: ID: message-id=");
    }

    @Test
    void decidesWhatBecomesOfTheMessage() throws IOException {
        Desk desk = headers(
                        "/^X-Redir:/ REDIRECT redir@example.net",
                        "/^X-Hold:/ HOLD waiting",
                        "/^X-Disc:/ DISCARD",
                        "/^X-Pass:/ PASS fine",
                        "/^Subject: warn/ WARN watch out")
                .expressions("body_checks", "/^rej/ REJECT");
        desk.send("X-Redir: 1\nSubject: warn\n\nrej\n");
        assertThat(desk.arrived.getLast().recipients())
                .singleElement()
                .satisfies(to -> assertThat(to.address().internal()).isEqualTo("redir@example.net"));
        assertThat(desk.log()).as("a redirected message is looked at no more").hasSize(2);
        desk.send("X-Pass: 1\nSubject: warn\n\nrej\n");
        assertThat(desk.log().getFirst()).isEqualTo("cleanup: ID: pass: header X-Pass: 1" + FROM + ": fine");
        assertThat(desk.send("X-Disc: 1\nSubject: warn\n\nrej\n")).startsWith("250 ");
        assertThat(desk.log().getFirst()).isEqualTo("cleanup: ID: discard: header X-Disc: 1" + FROM);
        assertThat(desk.arrived).hasSize(2);
        desk.send("X-Hold: 1\nX-Hold: 2\nSubject: warn\n\nbody\n");
        assertThat(desk.log().subList(0, 2))
                .containsExactly(
                        "cleanup: ID: hold: header X-Hold: 1" + FROM + ": waiting",
                        "cleanup: ID: warning: header Subject: warn" + FROM + ": watch out");
        assertThat(desk.queue.counts().held()).isEqualTo(1);
    }

    @Test
    void bodyLinesAreShownOneByOneAndLongOnesInPieces() throws IOException {
        Desk desk = new Desk(directory)
                .set("local_header_rewrite_clients", "")
                .expressions(
                        "body_checks",
                        "/^XX/ WARN xx",
                        "/YYY$/ WARN yend",
                        "/^$/ WARN empty",
                        "/^repl/ REPLACE replaced line",
                        "/^pre/ PREPEND prepended line",
                        "/^ign/ IGNORE",
                        "/^rej/ REJECT body no");
        desk.send("Subject: x\n\nXX 1\n\nrepl\npre\nign\nlast\n");
        assertThat(desk.text()).isEqualTo("Subject: x\n\nXX 1\n\nreplaced line\nprepended line\npre\nlast\n");
        assertThat(desk.log())
                .containsExactly(
                        "cleanup: ID: message-id=",
                        "cleanup: ID: warning: body XX 1" + FROM + ": xx",
                        "cleanup: ID: replace: body repl" + FROM + ": replaced line",
                        "cleanup: ID: prepend: body pre" + FROM + ": prepended line");
        String text =
                "Subject: x\n\nXX" + "z".repeat(2046) + "XX" + "y".repeat(10) + "\nXX" + "z".repeat(2045) + "YYY\n";
        desk.send(text);
        assertThat(desk.text()).isEqualTo(text);
        assertThat(desk.log())
                .as("two pieces of the first line, one of the second")
                .hasSize(4);
        assertThat(desk.send("Subject: x\n\nrej\n")).isEqualTo("550 5.7.1 body no");
    }

    @Test
    void bodyChecksSeeTheBeginningOfEachPart() throws IOException {
        Desk desk = new Desk(directory)
                .set("local_header_rewrite_clients", "")
                .set("body_checks_size_limit", "10")
                .expressions("body_checks", "/./ WARN");
        desk.send("Content-Type: multipart/mixed; boundary=b\n\n12345678\nshown\nnot\n--b\n\nagain\n");
        assertThat(desk.log().stream().filter(line -> line.contains("body")).map(line -> line.replace(FROM, "")))
                .containsExactly("cleanup: ID: warning: body 12345678", "cleanup: ID: warning: body again");
    }

    @Test
    void eachPartsHeaderHasItsTable() throws IOException {
        Desk desk = headers("/never/ WARN")
                .expressions("mime_header_checks", "/^/ WARN mime")
                .expressions("nested_header_checks", "/^/ WARN nested")
                .expressions("body_checks", "/^-/ WARN boundary", "/^XX/ WARN xx");
        desk.send("Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b1\"\n\nprolog\n--b1\n"
                + "Content-Type: text/plain\nX-Foo: 1\n\nXX one\n--b1\nContent-Type: message/rfc822\n\nSubject: inner\n"
                + "Content-Type: multipart/mixed;\n boundary=b2\n\n--b2\nContent-Type: multipart/digest; boundary=b3\n\n"
                + "--b3\n\nSubject: digested\n\nXX d\n--b3--\nepi\n--b1--\nepilog\n");
        assertThat(desk.log().stream().map(line -> line.replace(FROM, "").replace("cleanup: ID: ", "")))
                .containsExactly(
                        "warning: header MIME-Version: 1.0: mime",
                        "warning: header Content-Type: multipart/mixed; boundary=\"b1\": mime",
                        "message-id=",
                        "warning: body --b1: boundary",
                        "warning: header Content-Type: text/plain: mime",
                        "warning: header X-Foo: 1: mime",
                        "warning: body XX one: xx",
                        "warning: body --b1: boundary",
                        "warning: header Content-Type: message/rfc822: mime",
                        "warning: header Subject: inner: nested",
                        "warning: header Content-Type: multipart/mixed;? boundary=b2: mime",
                        "warning: body --b2: boundary",
                        "warning: header Content-Type: multipart/digest; boundary=b3: mime",
                        "warning: body --b3: boundary",
                        "warning: header Subject: digested: nested",
                        "warning: body XX d: xx",
                        "warning: body --b3--: boundary",
                        "warning: body --b1--: boundary");
    }

    @Test
    void partsAndAttachedMessagesAreUnderHeaderChecksUnlessSaidOtherwise() throws IOException {
        String text =
                "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment; filename=a.exe\n\n";
        assertThat(headers("/\\.exe/ REJECT").send(text)).startsWith("550 5.7.1");
        assertThat(headers("/\\.exe/ REJECT").set("mime_header_checks", "").send(text))
                .startsWith("250 ");
        String attached = "Content-Type: message/rfc822\n\nSubject: bad\n\n";
        assertThat(headers("/^Subject: bad/ REJECT").send(attached)).startsWith("550 5.7.1");
        assertThat(headers("/^Subject: bad/ REJECT")
                        .set("nested_header_checks", "")
                        .send(attached))
                .startsWith("250 ");
        assertThat(headers("/^Subject: bad/ REJECT")
                        .set("disable_mime_input_processing", "yes")
                        .send(attached))
                .startsWith("250 ");
    }

    /// A header line of 1 MB is judged by its beginning, and passes unaltered.
    @Test
    void nothingHidesBehindALongLine() throws IOException {
        Desk desk = headers("/^Subject: bad/ REJECT", "/^X-Gone:/ IGNORE", "/^X-New:/ REPLACE X-Other: 1");
        String megabyte = "x".repeat(1_000_000);
        assertThat(desk.send("Subject: bad" + megabyte + "\n\n")).startsWith("550 5.7.1");
        assertThat(desk.send("Content-Type: message/rfc822\n\nSubject: bad" + megabyte + "\n\n"))
                .startsWith("550");
        String text = "A: 1\nX-Gone: " + megabyte + "\n more\nX-New: " + megabyte + "\nC: " + megabyte + "\n\nbody\n";
        desk.send(text);
        assertThat(desk.text().equals("A: 1\nX-Other: 1\nC: " + megabyte + "\n\nbody\n"))
                .as("the long field is as it was")
                .isTrue();
    }

    @Test
    void strictFormIsInsistedOnWhereAsked() throws IOException {
        Desk desk = new Desk(directory)
                .set("strict_8bitmime", "yes")
                .set("strict_mime_encoding_domain", "yes")
                .set("mime_nesting_limit", "2");
        assertThat(desk.send("Subject: grün\n\n")).isEqualTo("550 5.6.0 improper use of 8-bit data in message header");
        assertThat(desk.log())
                .containsExactly(
                        "cleanup: ID: reject: mime-error improper use of 8-bit data in message header: Subject: grün from localhost[127.0.0.1]; from=<a@b.example> to=<x@example.com>");
        assertThat(desk.send("Subject: x\n\ngrün\n")).isEqualTo("550 5.6.0 improper use of 8-bit data in message body");
        assertThat(desk.send("Content-Transfer-Encoding: 8bit\n\ngrün\n")).startsWith("250 ");
        assertThat(desk.send("Content-Type: multipart/mixed; boundary=a\nContent-Transfer-Encoding: base64\n\n"))
                .isEqualTo("550 5.6.0 invalid message/* or multipart/* encoding domain");
        assertThat(desk.send(nested(4, "\n"))).startsWith("250 ");
        assertThat(desk.send(nested(5, "\n"))).isEqualTo("550 5.6.0 MIME nesting exceeds safety limit");
    }

    /// A multipart in a multipart in a multipart …
    private static String nested(int depth, String end) {
        StringBuilder text = new StringBuilder("Content-Type: multipart/mixed; boundary=b0x\n\n");
        for (int i = 1; i < depth; i++) {
            text.append("--b%dx\nContent-Type: multipart/mixed; boundary=b%dx\n\n".formatted(i - 1, i));
        }
        return text + end;
    }

    /// What would take a careless parser's memory or time: nesting 10^4, 10^6 parts, 10^6 fields, comments in
    /// comments, boundaries without end.
    @Test
    void floodsAreCheap() throws IOException {
        Desk desk = headers("/^never/ WARN").expressions("body_checks", "/^never/ WARN");
        String multipart = "Content-Type: multipart/mixed; boundary=b\n\n";
        assertThat(desk.send(nested(10_000, "\n"))).isEqualTo("550 5.6.0 MIME nesting exceeds safety limit");
        assertThat(desk.send("Content-Type: message/rfc822\n\n".repeat(10_000))).startsWith("250 ");
        assertThat(desk.send(multipart + "--b\n\n".repeat(1_000_000))).startsWith("250 ");
        assertThat(desk.send("A: 1\n".repeat(1_000_000) + "\n")).startsWith("250 ");
        assertThat(desk.send(multipart + "--b\n" + "A: 1\n".repeat(1_000_000))).startsWith("250 ");
        assertThat(desk.send("Content-Type: " + "(".repeat(100_000) + "\n\n")).startsWith("250 ");
        assertThat(desk.send("Content-Type: multipart/mixed" + "; boundary=x".repeat(8_000) + "\n\n"))
                .isEqualTo("550 5.6.0 MIME nesting exceeds safety limit");
        assertThat(desk.send(nested(100, "--b" + "\n--".repeat(100_000)))).startsWith("250 ");
    }

    /// A notice that is refused would be lost, or come back for ever.
    @Test
    void whatIsMadeHereIsNotLookedInto() throws IOException {
        Desk desk = headers("/./ REJECT").set("always_bcc", "all@example.com");
        desk.peer = Peer.LOCAL;
        assertThat(desk.send("Subject: x\n\n")).startsWith("250 ");
        assertThat(desk.arrived.getLast().recipients()).hasSize(1);
    }

    @Test
    void aTableThatCannotBeAskedRefusesForNow() {
        Desk desk = new Desk(directory).set("header_checks", "fail:maintenance");
        assertThat(desk.send("Subject: x\n\n")).isEqualTo("451 4.3.0 Error: queue file write error");
        assertThat(desk.log().getLast())
                .isEqualTo(
                        "cleanup: warning: ID: header_checks map lookup problem -- message not accepted, try again later");
    }

    /// BCC of an address that cannot be looked up now: the message is refused, not lost, at any stage.
    @Test
    void whatFailsAtTheEndIsARefusalToo() throws IOException {
        Desk desk =
                new Desk(directory).set("always_bcc", "copy@example.net").set("recipient_bcc_maps", "fail:maintenance");
        Handover handover = desk.open("x@example.com");
        assertThat(Desk.send(handover, "Subject: x\n\n")).isEqualTo("451 4.3.0 Temporary lookup failure");
        assertThat(desk.queue.counts().active()).isZero();
    }
}
