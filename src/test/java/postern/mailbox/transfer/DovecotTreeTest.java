package postern.mailbox.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.mailbox.transfer.OldMail.YOU;
import static postern.mailbox.transfer.OldMail.box;
import static postern.mailbox.transfer.OldMail.messages;
import static postern.mailbox.transfer.OldMail.quoted;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.log.MailLog;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxStore;
import postern.mailbox.sql.SqliteStore;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.Uptime;
import postern.peers.Commands;
import postern.peers.DovecotMail;
import postern.peers.ImapTalk;
import postern.peers.ImapTalk.Seen;

/// Trees that Debian's Dovecot has written, taken over and compared with what it shows itself.
class DovecotTreeTest {
    @TempDir
    private Path directory;

    private final List<String> said = new ArrayList<>();
    private final Report report = new Report(said::add);

    @BeforeEach
    void need() {
        Commands.need("dovecot");
        Commands.needRoot();
    }

    private MailboxStore open() throws IOException {
        return SqliteStore.open(directory.resolve("store"), InstantSource.system(), MailLog.none());
    }

    private Report take(MailboxStore store, Path tree) throws IOException {
        Report run = new Report(said::add);
        new Import(store, directory.resolve("store"), run).run(MaildirTree.accounts(tree, report));
        return run;
    }

    /// What Dovecot shows: for each mailbox its messages, UIDVALIDITY and UIDNEXT.
    private record Shown(Map<String, List<Seen>> messages, Map<String, List<Long>> numbers) {
        static Shown of(DovecotMail dovecot) throws IOException {
            Shown shown = new Shown(new HashMap<>(), new HashMap<>());
            try (ImapTalk talk = dovecot.login("you@example.com")) {
                for (String name : OldMail.BOXES) {
                    shown.messages.put(name, talk.messages(quoted(name)));
                    shown.numbers.put(
                            name,
                            List.of(talk.status(quoted(name), "UIDVALIDITY"), talk.status(quoted(name), "UIDNEXT")));
                }
            }
            return shown;
        }
    }

    private static void compare(MailboxStore store, Shown shown) throws IOException {
        for (String name : OldMail.BOXES) {
            assertThat(messages(store, name)).as(name).isEqualTo(shown.messages.get(name));
            Mailbox box = box(store, name);
            assertThat(List.of(box.validity().value(), box.next().value()))
                    .as(name)
                    .isEqualTo(shown.numbers.get(name));
        }
        assertThat(store.check()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gz", "zstd", "bz2", "lz4"})
    void treeIsHereAsDovecotShowsIt(String compression) throws IOException {
        Shown shown;
        DovecotMail dovecot = new DovecotMail(directory.resolve("dovecot"), "maildir", compression);
        try (dovecot) {
            try (ImapTalk talk = dovecot.login("you@example.com")) {
                OldMail.fill(talk);
            }
            shown = Shown.of(dovecot);
        }
        assertThat(shown.messages.get("INBOX")).hasSize(4);
        try (MailboxStore store = open()) {
            Report run = take(store, dovecot.mail());
            assertThat(run.problems()).as("%s", said).isZero();
            compare(store, shown);
            assertThat(box(store, "Entw\u00fcrfe").subscribed()).isTrue();
            assertThat(box(store, "Junk").subscribed()).isFalse();
            assertThat(box(store, "Junk").specialUse()).isEqualTo("\\Junk");
            assertThat(store.accounts()).containsExactly(YOU);
        }
    }

    /// There and back again: another Dovecot shows what the first one did.
    @Test
    void treeThatWeWriteIsShownByDovecotAsBefore() throws IOException {
        Shown shown;
        DovecotMail dovecot = new DovecotMail(directory.resolve("dovecot"), "maildir", "gz");
        try (dovecot) {
            try (ImapTalk talk = dovecot.login("you@example.com")) {
                OldMail.fill(talk);
            }
            shown = Shown.of(dovecot);
        }
        Path back = directory.resolve("back/mail");
        try (MailboxStore store = open()) {
            take(store, dovecot.mail());
            Report run = new Report(said::add);
            Export.maildir(store, directory.resolve("store"), run).run(store.accounts(), back);
            assertThat(run.problems()).as("%s", said).isZero();
        }
        try (DovecotMail other = new DovecotMail(directory.resolve("back"), "maildir", "");
                ImapTalk talk = other.login("you@example.com")) {
            assertThat(Shown.of(other)).isEqualTo(shown);
            assertThat(talk.ask("LSUB \"\" *"))
                    .containsExactlyInAnyOrder("* LSUB () \".\" Archive.2024", "* LSUB () \".\" Entw&APw-rfe");
            assertThat(talk.ask("LIST \"\" Junk").getFirst()).contains("\\Junk");
        }
    }

    private Report takeByImap(MailboxStore store, DovecotMail dovecot, String user, String master) throws IOException {
        Report run = new Report(said::add);
        try (Deadlines deadlines = new Deadlines(new Uptime()).start()) {
            ImapServer server =
                    new ImapServer("127.0.0.1", dovecot.imapPort(), null, false, new DirectDialer(deadlines));
            new Import(store, directory.resolve("store"), run)
                    .run(List.of(new ImapAccounts(server, new ImapServer.Login(user, master, "secret"), YOU)));
        }
        return run;
    }

    /// A running Dovecot of any format; a second time nothing comes, and what has changed over there changes here.
    @ParameterizedTest
    @ValueSource(strings = {"maildir", "sdbox", "mdbox"})
    void accountComesByImap(String format) throws IOException {
        try (DovecotMail dovecot = new DovecotMail(directory.resolve("dovecot"), format, "");
                MailboxStore store = open()) {
            try (ImapTalk talk = dovecot.login("you@example.com")) {
                OldMail.fill(talk);
            }
            Report first = takeByImap(store, dovecot, "you@example.com", "");
            assertThat(first.problems()).as("%s", said).isZero();
            compare(store, Shown.of(dovecot));
            assertThat(box(store, "Entw\u00fcrfe").subscribed()).isTrue();
            assertThat(box(store, "Junk").specialUse()).isEqualTo("\\Junk");
            try (ImapTalk talk = dovecot.login("you@example.com")) {
                talk.ask("SELECT INBOX");
                talk.ask("UID STORE 1 +FLAGS (\\Seen late)");
                talk.ask("UID STORE 3 -FLAGS (\\Seen)");
                talk.append("INBOX", "()", "10-Jan-2020 10:00:00 +0000", OldMail.letter(3));
            }
            Report second = takeByImap(store, dovecot, "you@example.com", "");
            assertThat(second.of(Report.Count.TAKEN)).isEqualTo(1);
            assertThat(second.of(Report.Count.FLAGS)).isEqualTo(2);
            compare(store, Shown.of(dovecot));
        }
    }

    @Test
    void masterUserTakesWhatBelongsToAnother() throws IOException {
        try (DovecotMail dovecot = new DovecotMail(directory.resolve("dovecot"), "sdbox", "");
                MailboxStore store = open()) {
            try (ImapTalk talk = dovecot.login("you@example.com")) {
                OldMail.fill(talk);
            }
            assertThat(takeByImap(store, dovecot, "you@example.com", "master").problems())
                    .as("%s", said)
                    .isZero();
            compare(store, Shown.of(dovecot));
            assertThat(takeByImap(store, dovecot, "you@example.com", "nobody").problems())
                    .isEqualTo(1);
            assertThat(said).anyMatch(line -> line.contains("the server refuses the login"));
        }
    }
}
