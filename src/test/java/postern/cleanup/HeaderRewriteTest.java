package postern.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Addresses in header fields. What becomes of each is what Postfix 3.7 made of the same message; it also folds
/// the fields anew, which we do not.
class HeaderRewriteTest {
    @TempDir
    private Path directory;

    private Desk desk() {
        return new Desk(directory)
                .set("append_dot_mydomain", "yes")
                .set("canonical_maps", "inline:{ @old.example=@new.example, who@x.example=who@y.example }")
                .set("sender_canonical_maps", "inline:{ @s.example=@sender.example }")
                .set("recipient_canonical_maps", "inline:{ @r.example=@recipient.example }")
                .set("masquerade_domains", "masq.example");
    }

    private static final String MESSAGE = """
            From: Joe (the (nested) man) <joe@old.example>, "Q, X" <who@x.example>
            Sender: plain
            Reply-To: user@host, bare (comment)
            To: undisclosed: joe@old.example, a@b.c ; , z@r.example,
             tail@s.example, x@host.masq.example
            Cc: <@route.a,@route.b:joe@old.example>, "joe"@old.example, joe @ old.example
            Resent-From: joe@old.example
            Resent-To: joe@old.example
            Resent-Reply-To: joe@s.example
            Errors-To: joe@s.example
            Return-Receipt-To: joe@s.example
            Disposition-Notification-To: joe@s.example
            Mail-Followup-To: joe@s.example
            Apparently-To: joe@r.example
            X-Other: joe@old.example
            Delivered-To: joe@old.example
            Subject: joe@old.example
            Message-Id: <1@old.example>
            Date: now

            joe@old.example
            """;

    @Test
    void followsTheTables() throws IOException {
        Desk desk = desk();
        desk.send(MESSAGE);
        assertThat(desk.text()).isEqualTo("""
                From: Joe (the (nested) man) <joe@new.example>, "Q, X" <who@y.example>
                Sender: plain@mail.example.com
                Reply-To: user@host.example.com, bare@mail.example.com (comment)
                To: undisclosed: joe@new.example, a@b.c ; , z@recipient.example,
                 tail@s.example, x@masq.example
                Cc: <joe@new.example>, joe@new.example, joe@new.example
                Resent-From: joe@new.example
                Resent-To: joe@new.example
                Resent-Reply-To: joe@s.example
                Errors-To: joe@sender.example
                Return-Receipt-To: joe@sender.example
                Disposition-Notification-To: joe@sender.example
                Mail-Followup-To: joe@sender.example
                Apparently-To: joe@recipient.example
                X-Other: joe@old.example
                Delivered-To: joe@old.example
                Subject: joe@old.example
                Message-Id: <1@old.example>
                Date: now

                joe@old.example
                """);
    }

    /// Signatures of mail that passes through must hold.
    @Test
    void strangersMailStaysAsItIs() throws IOException {
        Desk desk = desk();
        desk.peer = Desk.STRANGER;
        desk.send(MESSAGE);
        assertThat(desk.text()).isEqualTo(MESSAGE);
    }

    @Test
    void aFieldInWhichNoAddressChangesStaysAsItIs() throws IOException {
        String text = """
                From:   Joe   <joe@elsewhere.example>
                To: a@b.c,b@c.d,
                \t(x)   c@d.e
                Cc: Joe Blow, (comment, unclosed <a@b.c>
                Resent-To: "unclosed
                Reply-To: <>, <a b>, @, a@@b, <a@b.c
                Date: now
                Message-Id: <2@old.example>

                """;
        Desk desk = desk();
        desk.send(text);
        assertThat(desk.text()).isEqualTo(text);
    }

    @Test
    void strangersHalfAddressesGetADomainWhereAsked() throws IOException {
        Desk desk = desk().set("remote_header_rewrite_domain", "domain.invalid");
        desk.peer = Desk.STRANGER;
        desk.send("From: joe\nTo: user@host, x@old.example\n\n");
        assertThat(desk.text()).isEqualTo("From: joe@domain.invalid\nTo: user@host.domain.invalid, x@new.example\n\n");
    }

    @Test
    void classesSayWhatIsRewritten() throws IOException {
        Desk desk = desk().set("canonical_classes", "envelope_sender")
                .set("recipient_canonical_classes", "envelope_recipient")
                .set("masquerade_classes", "header_sender");
        desk.send("From: a@x.masq.example, joe@old.example\nTo: z@r.example, a@x.masq.example\nDate: x\n"
                + "Message-Id: <1@x>\n\n");
        assertThat(desk.text())
                .isEqualTo("From: a@masq.example, joe@old.example\nTo: z@r.example, a@x.masq.example\nDate: x\n"
                        + "Message-Id: <1@x>\n\n");
    }

    @Test
    void aTableThatCannotBeAskedRefusesForNow() {
        Desk desk =
                new Desk(directory).set("canonical_maps", "fail:maintenance").set("canonical_classes", "header_sender");
        assertThat(desk.send("From: a@b.c\n\n")).isEqualTo("451 4.3.0 Error: queue file write error");
        assertThat(desk.log().getLast())
                .contains("canonical_maps map lookup problem")
                .endsWith("for a@b.c -- message not accepted, try again later");
    }

    /// 10^5 addresses, and nothing but openings.
    @Test
    void floodsAreCheap() throws IOException {
        Desk desk = desk().set("header_size_limit", "3000000");
        assertThat(desk.send("To: " + "a@b.c, ".repeat(100_000) + "joe@old.example\n\n"))
                .startsWith("250 ");
        assertThat(desk.text()).contains(", joe@new.example\n");
        for (String opening : new String[] {"(", "<", "\"", "[", "@", ":", ",", "a ", "a.", "\\"}) {
            assertThat(desk.send("To: " + opening.repeat(1_000_000) + "\n\n"))
                    .as(opening)
                    .startsWith("250 ");
        }
    }
}
