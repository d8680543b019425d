package postern.mailbox.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.mailbox.transfer.OldMail.YOU;
import static postern.mailbox.transfer.OldMail.box;
import static postern.mailbox.transfer.OldMail.messages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.mailbox.Flags;
import postern.mailbox.Flags.Flag;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.mailbox.MemoryStore;
import postern.mailbox.transfer.Report.Count;
import postern.peers.Commands;
import postern.peers.DovecotMail;
import postern.peers.ImapTalk;
import postern.peers.ImapTalk.Seen;

/// Mail in mbox files, both ways.
class MboxTest {
    @TempDir
    private Path directory;

    private final MemoryStore store = new MemoryStore(InstantSource.system());
    private final List<String> said = new ArrayList<>();

    private Report take(MemoryStore into, Path file) throws IOException {
        Report report = new Report(said::add);
        MboxAccount account = Files.isDirectory(file)
                ? MboxAccount.in(YOU, file, ZoneOffset.UTC, report)
                : MboxAccount.of(YOU, file, null, ZoneOffset.UTC);
        new Import(into, directory.resolve("store" + System.identityHashCode(into)), report).run(List.of(account));
        return report;
    }

    private List<Seen> taken(String text) throws IOException {
        take(store, Files.writeString(directory.resolve("INBOX"), text, StandardCharsets.ISO_8859_1));
        return messages(store, "INBOX");
    }

    @Test
    void messagesBeginAtFromLinesBehindBlankLines() throws IOException {
        List<Seen> seen = taken("""
                From a@example.net Thu Jan  2 10:00:00 2020
                Subject: one

                text
                From here on it is text, and so is
                >From quoted Thu Jan  2 10:00:00 2020
                >>From twice

                From nobody
                the end

                From b@example.net  Fri Jan  3 11:22:33 2020 +0100
                Status: RO
                X-Status: AF
                X-Keywords: one
                  two
                Subject: two

                """);
        assertThat(seen).extracting(Seen::text).containsExactly("""
                Subject: one\r
                \r
                text\r
                From here on it is text, and so is\r
                From quoted Thu Jan  2 10:00:00 2020\r
                >From twice\r
                \r
                From nobody\r
                the end\r
                """, "Subject: two\r\n\r\n");
        assertThat(seen)
                .extracting(Seen::date)
                .containsExactly("02-Jan-2020 10:00:00 +0000", "03-Jan-2020 10:22:33 +0000");
        assertThat(seen.get(1).flags()).isEqualTo("\\Answered \\Flagged \\Seen one");
    }

    @Test
    void uidsOfTheFileAreKept() throws IOException {
        List<Seen> seen = taken("""
                From MAILER-DAEMON Thu Jan  2 10:00:00 2020
                Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA
                X-IMAP: 1234 0000000017 word

                internal

                From a Thu Jan  2 10:00:00 2020
                X-UID: 5

                five

                From a Thu Jan  2 10:00:00 2020
                X-UID: 5

                again
                """);
        assertThat(seen).extracting(Seen::uid).containsExactly(5L, 18L);
        assertThat(box(store, "INBOX").validity().value()).isEqualTo(1234);
    }

    @Test
    void whatIsNoMboxIsReported() throws IOException {
        Path file = Files.writeString(directory.resolve("notes"), "hello\n");
        assertThat(take(store, file).problems()).isEqualTo(1);
        assertThat(said).anyMatch(line -> line.contains("it is not an mbox"));
        assertThat(take(store, Files.writeString(directory.resolve("empty"), ""))
                        .problems())
                .isZero();
    }

    @Test
    void longerFileGivesWhatIsNew() throws IOException {
        String one = "From a Thu Jan  2 10:00:00 2020\nA: 1\n\nsame\n\n";
        assertThat(taken(one)).hasSize(1);
        assertThat(taken(one + one)).hasSize(2);
        assertThat(taken(one + one)).hasSize(2);
        assertThat(taken(one.replace("A: 1", "A: 1\nStatus: RO") + one))
                .extracting(Seen::flags)
                .containsExactlyInAnyOrder("\\Seen", "");
    }

    private void put(String mailbox, String text, Flags flags) throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
            incoming.commit(List.of(new Incoming.Place(
                    YOU, new MailboxName(mailbox), "", flags, Instant.parse("2020-02-29T01:02:03Z"))));
        }
    }

    private void fill() throws IOException {
        put("INBOX", "A: b\r\n\r\nFrom me\r\n>From you\r\nx\r\n\r\n", Flags.of(Flag.SEEN, Flag.FLAGGED));
        put("INBOX", "A: \u00e9\r\n c\r\n\r\n\r\nFrom a Thu Jan  2 10:00:00 2020\r\n", new Flags(0, List.of("word")));
        put("INBOX", "A: only a header\r\n\r\n", Flags.of(Flag.DELETED, Flag.DRAFT));
        put("Entw\u00fcrfe.x", OldMail.letter(30), Flags.of(Flag.ANSWERED));
    }

    @Test
    void whatIsWrittenIsReadAgainAsItWas() throws IOException {
        fill();
        Path to = directory.resolve("out");
        assertThat(export(to).problems()).isZero();
        MemoryStore other = new MemoryStore(InstantSource.system());
        assertThat(take(other, to.resolve("example.com/you")).of(Count.TAKEN)).isEqualTo(4);
        for (String name : List.of("INBOX", "Entw\u00fcrfe.x")) {
            assertThat(messages(other, name)).isEqualTo(messages(store, name));
            assertThat(box(other, name).validity()).isEqualTo(box(store, name).validity());
        }
    }

    private Report export(Path to) throws IOException {
        Report report = new Report(said::add);
        Export.mbox(store, ZoneOffset.UTC, report).run(List.of(YOU), to);
        return report;
    }

    /// Files that Dovecot writes are read, quoted or not; ours Dovecot reads with the same UIDs and flags.
    @Test
    void dovecotReadsOursAndWeReadItsOwn() throws IOException {
        Commands.need("dovecot");
        Commands.needRoot();
        put("INBOX", "A: b\r\n\r\nx\r\n\r\n", Flags.of(Flag.SEEN, Flag.FLAGGED));
        put("INBOX", "A: c\r\n\r\n\r\nfrom\r\n", new Flags(0, List.of("word")));
        Path mail = directory.resolve("dovecot/mail");
        export(mail);
        List<Seen> shown;
        List<Seen> before;
        try (DovecotMail dovecot = new DovecotMail(directory.resolve("dovecot"), "mbox", "");
                ImapTalk talk = dovecot.login("you@example.com")) {
            before = talk.messages("INBOX");
            talk.append(
                    "INBOX",
                    "(\\Answered other)",
                    "09-Jan-2020 10:00:00 +0000",
                    "A: d\r\n\r\nx\r\n\r\nFrom a\r\n" + "\r\nFrom a Thu Jan  2 10:00:00 2020\r\nA: no message\r\n\r\n");
            shown = talk.messages("INBOX");
        }
        assertThat(before).isEqualTo(messages(store, "INBOX"));
        MemoryStore other = new MemoryStore(InstantSource.system());
        take(other, mail.resolve("example.com/you/INBOX"));
        assertThat(messages(other, "INBOX")).isEqualTo(shown);
    }
}
