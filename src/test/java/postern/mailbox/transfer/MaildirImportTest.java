package postern.mailbox.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.mailbox.transfer.OldMail.YOU;
import static postern.mailbox.transfer.OldMail.box;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.mailbox.Flags;
import postern.mailbox.Flags.Flag;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.mailbox.MemoryStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.transfer.Report.Count;
import postern.peers.ImapTalk.Seen;

/// Trees as they are when something is wrong with them, or when they go on living.
class MaildirImportTest {
    @TempDir
    private Path directory;

    private final MemoryStore store = new MemoryStore(InstantSource.system());
    private final List<String> said = new ArrayList<>();
    private MaildirFiles inbox;

    @BeforeEach
    void begin() throws IOException {
        inbox = new MaildirFiles(directory.resolve("mail/example.com/you"));
    }

    private Report take() throws IOException {
        Report report = new Report(said::add);
        new Import(store, directory.resolve("store"), report)
                .run(MaildirTree.accounts(directory.resolve("mail"), report));
        return report;
    }

    private List<Seen> messages(String mailbox) throws IOException {
        return OldMail.messages(store, mailbox);
    }

    private List<Long> uids() throws IOException {
        return messages("INBOX").stream().map(Seen::uid).toList();
    }

    private String text(String stored) throws IOException {
        inbox.add("cur/1.a:2,", stored);
        take();
        return messages("INBOX").getFirst().text();
    }

    @Test
    void linesEndAsAClientSeesThemAndAllElseStays() throws IOException {
        assertThat(text("A: b\n\nx\0y\u00e9\rz\n\r\nw\r\r\n.\nend"))
                .isEqualTo("A: b\r\n\r\nx\0y\u00e9\rz\r\n\r\nw\r\r\n.\r\nend");
    }

    @Test
    void textsOfAnyLengthKeepTheirLines() throws IOException {
        String line = "x".repeat(8191) + "\n";
        assertThat(text(line.repeat(20) + "\n"))
                .isEqualTo(line.replace("\n", "\r\n").repeat(20) + "\r\n");
    }

    @Test
    void messagesWithoutUidComeBehindAllThatWereEverGiven() throws IOException {
        inbox.add("cur/100.a:2,S", "a\n").add("new/300.c", "c\n").add("new/200.b", "b\n");
        inbox.write("dovecot-uidlist", "3 V1234 N50 Gabc\n7 W3 Pold-id :100.a\n60 :99.gone\n");
        assertThat(take().problems()).isZero();
        assertThat(uids()).containsExactly(7L, 61L, 62L);
        assertThat(messages("INBOX")).extracting(Seen::text).containsExactly("a\r\n", "b\r\n", "c\r\n");
        assertThat(box(store, "INBOX").validity().value()).isEqualTo(1234);
        MessageRef first =
                store.messages(box(store, "INBOX"), Uid.FIRST, Uid.LAST).getFirst();
        assertThat(first.popId()).isEqualTo("old-id");
        assertThat(first.arrival()).isEqualTo(MaildirFiles.ARRIVAL);
    }

    @Test
    void listsOfDovecot1AreReadToo() throws IOException {
        inbox.add("cur/100.a:2,", "a\n").write("dovecot-uidlist", "1 1234 50\n7 100.a:2,S\n");
        take();
        assertThat(uids()).containsExactly(7L);
        assertThat(box(store, "INBOX").next()).isEqualTo(new Uid(50));
    }

    @Test
    void brokenLinesOfTheListAreReportedAndTheRestIsTaken() throws IOException {
        inbox.add("cur/1.a:2,", "a\n").add("cur/2.b:2,", "b\n").add("cur/3.c:2,", "c\n");
        inbox.write("dovecot-uidlist", "3 V1234 N9\n5 :1.a\n5 :2.b\nwhat\n99999999999 :3.c\n");
        assertThat(take().problems()).isEqualTo(3);
        assertThat(uids()).containsExactly(5L, 9L, 10L);
        assertThat(said).anyMatch(line -> line.contains("gives UID 5 to 1.a and to 2.b"));
    }

    @Test
    void listWithoutAHeadMeansNewUids() throws IOException {
        inbox.add("cur/1.a:2,", "a\n").write("dovecot-uidlist", "nonsense\n5 :1.a\n");
        assertThat(take().problems()).isEqualTo(1);
        assertThat(uids()).containsExactly(1L);
    }

    @Test
    void usedUpUidsAreNotGoneOnFrom() throws IOException {
        inbox.add("cur/1.a:2,", "a\n").write("dovecot-uidlist", "3 V1 N4294967295\n4294967294 :1.a\n");
        assertThat(take().problems()).isEqualTo(1);
        assertThat(uids()).containsExactly(1L);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return packed.toByteArray();
    }

    @Test
    void whatCannotBeReadIsReportedAndComesOnceItCan() throws IOException {
        byte[] whole = gzip(OldMail.letter(50));
        inbox.add("cur/1.a:2,", "a\n").add("cur/2.b:2,", Arrays.copyOf(whole, whole.length - 30));
        inbox.add("cur/3.c:2,", "CRYPTED\u0003\u0007xyz").add("cur/4.d:2,", "d\n");
        Files.createDirectory(inbox.directory.resolve("cur/5.e"));
        Files.createSymbolicLink(inbox.directory.resolve("cur/6.f"), Path.of("/etc/hostname"));
        assertThat(take().problems()).as("%s", said).isEqualTo(4);
        assertThat(messages("INBOX")).extracting(Seen::text).containsExactly("a\r\n", "d\r\n");
        assertThat(said).anyMatch(line -> line.contains("mail_crypt"));
        inbox.add("cur/2.b:2,", whole);
        assertThat(take().of(Count.TAKEN)).isEqualTo(1);
        assertThat(messages("INBOX")).extracting(Seen::text).containsExactly("a\r\n", "d\r\n", OldMail.letter(50));
    }

    @Test
    void namesThatCannotBeOursAreReported() throws IOException {
        inbox.folder("a..b");
        inbox.folder("Weiter&");
        inbox.folder("INBOX").add("cur/9.x", "x\n");
        new MaildirFiles(directory.resolve("mail/example.com/@"));
        Files.createDirectories(directory.resolve("mail/example.com/box/mailboxes"));
        Files.createDirectories(directory.resolve("mail/postern/texts/cur"));
        assertThat(take().problems()).as("%s", said).isPositive();
        assertThat(store.mailboxes(YOU)).extracting(box -> box.name().name()).containsExactly("INBOX", "Weiter&");
        assertThat(messages("INBOX")).isEmpty();
    }

    @Test
    void secondRunTakesWhatIsNewAndWhatHasChangedThere() throws IOException {
        inbox.write("dovecot-uidlist", "3 V1234 N4\n1 :1.a\n2 :2.b\n3 :3.c\n").write("dovecot-keywords", "0 later\n");
        inbox.add("cur/1.a:2,", "a\n").add("cur/2.b:2,Sa", "b\n").add("cur/3.c:2,F", "c\n");
        assertThat(take().of(Count.TAKEN)).isEqualTo(3);
        store.flags(box(store, "INBOX"), List.of(new Uid(2)), flags -> flags.with(Flags.of(Flag.ANSWERED)));
        Path cur = inbox.directory.resolve("cur");
        Files.move(cur.resolve("1.a:2,"), cur.resolve("1.a:2,S"));
        Files.move(cur.resolve("2.b:2,Sa"), cur.resolve("2.b:2,S"));
        Files.delete(cur.resolve("3.c:2,F"));
        inbox.add("cur/4.d:2,", "d\n").write("dovecot-uidlist", "3 V1234 N5\n1 :1.a\n2 :2.b\n4 :4.d\n");
        Report second = take();
        assertThat(second.of(Count.TAKEN)).isEqualTo(1);
        assertThat(second.of(Count.GONE)).isEqualTo(1);
        assertThat(messages("INBOX"))
                .extracting(Seen::flags)
                .containsExactly("\\Seen", "\\Answered \\Seen", "\\Flagged", "");
        assertThat(take().of(Count.THERE)).isEqualTo(3);
    }

    @Test
    void mailThatIsHereAlreadyStaysAndOldMailKeepsItsPopIds() throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap("new\r\n".getBytes(StandardCharsets.US_ASCII)));
            incoming.commit(List.of(new Incoming.Place(
                    YOU,
                    MailboxName.INBOX,
                    "Return-Path: <>\r\n",
                    Flags.NONE,
                    InstantSource.system().instant())));
        }
        inbox.add("cur/1.a:2,", "a\n").write("dovecot-uidlist", "3 V1234 N9\n5 :1.a\n");
        assertThat(take().of(Count.TAKEN)).isEqualTo(1);
        assertThat(take().of(Count.TAKEN)).isZero();
        List<MessageRef> messages = store.messages(box(store, "INBOX"), Uid.FIRST, Uid.LAST);
        assertThat(messages).extracting(MessageRef::popId).containsExactly("", "00000005000004d2");
    }

    /// The disk is full in the middle; when there is room again, the rest comes.
    @Test
    void importThatEndsEarlyIsGoneOnWith() throws IOException {
        StringBuilder list = new StringBuilder("3 V1234 N2000\n");
        for (int i = 1; i <= 600; i++) {
            inbox.add("cur/" + i + ".m:2,", "text " + i + "\n");
            list.append(i * 2).append(" :").append(i).append(".m\n");
        }
        inbox.add("cur/400.m:2,", "CRYPTED\u0003\u0007").write("dovecot-uidlist", list.toString());
        Report report = new Report(line -> store.failWith(new IOException("No space left on device")));
        assertThatThrownBy(() -> new Import(store, directory.resolve("store"), report)
                        .run(MaildirTree.accounts(directory.resolve("mail"), report)))
                .hasMessageContaining("No space left on device");
        store.failWith(null);
        assertThat(box(store, "INBOX").messages()).isBetween(1L, 598L);
        deliver("Return-Path: <>\r\n");
        inbox.add("cur/400.m:2,", "text 400\n");
        assertThat(take().problems()).isZero();
        assertThat(take().of(Count.TAKEN)).isZero();
        List<Seen> messages = messages("INBOX");
        assertThat(messages).hasSize(601);
        assertThat(messages.stream().map(Seen::text).distinct()).hasSize(601);
        assertThat(messages.stream().filter(seen -> seen.text().equals("text " + seen.uid() / 2 + "\r\n")))
                .hasSizeGreaterThan(200);
    }

    private void deliver(String front) throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap("new\r\n".getBytes(StandardCharsets.US_ASCII)));
            incoming.commit(List.of(new Incoming.Place(
                    YOU,
                    MailboxName.INBOX,
                    front,
                    Flags.NONE,
                    InstantSource.system().instant())));
        }
    }

    @Test
    void filesThatGetOtherFlagsOrVanishMeanwhileAreFoundOrLeftOut() throws IOException {
        inbox.add("cur/1.a:2,", "a\n").add("cur/2.b:2,", "b\n").add("new/3.c", "c\n");
        MaildirFolder folder = new MaildirFolder(inbox.directory, MailboxName.INBOX, "INBOX");
        ForeignMailbox.Index index = folder.index(new Report(said::add));
        Path cur = inbox.directory.resolve("cur");
        Files.move(cur.resolve("1.a:2,"), cur.resolve("1.a:2,S"));
        Files.delete(cur.resolve("2.b:2,"));
        Files.move(inbox.directory.resolve("new/3.c"), cur.resolve("3.c:2,"));
        List<String> seen = new ArrayList<>();
        folder.read(index.messages(), new ForeignMailbox.Reader() {
            @Override
            public void text(ForeignMessage message, java.io.InputStream text) throws IOException {
                seen.add(new String(text.readAllBytes(), StandardCharsets.US_ASCII));
            }

            @Override
            public void unreadable(ForeignMessage message, String why) {
                seen.add(why);
            }

            @Override
            public void gone(ForeignMessage message) {
                seen.add("gone: " + message.key());
            }
        });
        assertThat(seen).containsExactlyInAnyOrder("a\r\n", "c\r\n", "gone: 2.b");
    }

    @Test
    void dryRunCountsAndChangesNothing() throws IOException {
        inbox.add("cur/1.a:2,", "a\n").add("new/2.b", "b\n");
        inbox.folder("Junk").add("new/3.c", "c\n");
        Report report = new Report(said::add);
        new Import(null, directory.resolve("store"), report)
                .run(MaildirTree.accounts(directory.resolve("mail"), report));
        assertThat(said).containsExactly("1 account, 2 mailboxes: 3 messages to take");
        assertThat(directory.resolve("store")).doesNotExist();
        take();
        said.clear();
        new Import(null, directory.resolve("store"), new Report(said::add))
                .run(MaildirTree.accounts(directory.resolve("mail"), report));
        assertThat(said).containsExactly("1 account, 2 mailboxes: 0 messages to take, 3 there already");
    }

    @Test
    void scriptsAreCarriedAlong() throws IOException {
        Path sieve = Files.createDirectories(inbox.directory.resolve("home/sieve"));
        Files.writeString(sieve.resolve("holiday.sieve"), "keep;\n");
        Files.writeString(sieve.resolve("other.sieve"), "discard;\n");
        Files.createSymbolicLink(inbox.directory.resolve("home/.dovecot.sieve"), Path.of("sieve/holiday.sieve"));
        assertThat(take().of(Count.SCRIPTS)).isEqualTo(2);
        Scripts kept = Scripts.load(Scripts.directory(directory.resolve("store"), YOU));
        assertThat(kept.active()).isEqualTo("holiday");
        assertThat(kept.texts().get("other")).asString().isEqualTo("discard;\n");
        assertThat(take().of(Count.SCRIPTS)).isZero();
    }

    @Test
    void subscriptionThatWasEndedHereStaysEnded() throws IOException {
        inbox.folder("Junk");
        inbox.write("subscriptions", "V\t2\n\nJunk\nA\tb\n");
        take();
        assertThat(box(store, "Junk").subscribed()).isTrue();
        store.subscribe(YOU, new MailboxName("Junk"), false);
        take();
        assertThat(box(store, "Junk").subscribed()).isFalse();
    }
}
