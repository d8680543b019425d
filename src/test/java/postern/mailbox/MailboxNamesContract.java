package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.mailbox.Flags.Flag;

/// What every [MailboxStore] does with mailboxes, their names and their accounts.
public abstract class MailboxNamesContract extends StoreUnderTest {
    @Test
    void renamedMailboxTakesThoseBelowWithIt() throws IOException {
        deliver("a\r\n", ANN, WORK);
        deliver("b\r\n", ANN, new MailboxName("Work.2025"));
        deliver("c\r\n", ANN, new MailboxName("Workshop"));
        Mailbox work = box(ANN, WORK);
        MailboxName old = new MailboxName("Old.Work");
        store.rename(work, old);
        assertThat(store.mailboxes(ANN))
                .extracting(mailbox -> mailbox.name().name())
                .containsExactly("Old.Work", "Old.Work.2025", "Workshop");
        assertThat(box(ANN, old).id()).isEqualTo(work.id());
        assertThat(box(ANN, old).validity()).isEqualTo(work.validity());
        assertThat(all(ANN, old)).hasSize(1);
        assertThat(deliver("d\r\n", ANN, old).uid()).isEqualTo(new Uid(2));
    }

    @Test
    void nameThatIsTakenStaysAsItIs() throws IOException {
        Mailbox work = store.create(ANN, WORK, null);
        MailboxName play = new MailboxName("Play");
        store.create(ANN, play, null);
        store.create(ANN, new MailboxName("Work.a"), null);
        store.create(ANN, new MailboxName("Home.a"), null);
        for (String name : List.of("Play", "INBOX", "Work", "Work.b", "Home")) {
            assertThatThrownBy(() -> store.rename(work, new MailboxName(name)))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(store.mailboxes(ANN))
                .extracting(mailbox -> mailbox.name().name())
                .containsExactly("Home.a", "Play", "Work", "Work.a");
    }

    @Test
    void mailboxRenamedToANameThatWasUsedHasAHigherUidValidity() throws IOException {
        MailboxName play = new MailboxName("Play");
        Mailbox used = store.create(ANN, play, new UidValidity(4_000_000_000L));
        store.delete(used);
        deliver("a\r\n", ANN, WORK);
        store.rename(box(ANN, WORK), play);
        assertThat(box(ANN, play).validity()).isGreaterThan(used.validity());
        assertThat(all(ANN, play)).hasSize(1);
    }

    @Test
    void renamedInboxGivesItsMessagesAndStays() throws IOException {
        deliver("a\r\n", ANN, INBOX);
        deliver("b\r\n", ANN, INBOX);
        deliver("c\r\n", ANN, new MailboxName("INBOX.child"));
        Mailbox inbox = box(ANN, INBOX);
        MailboxName old = new MailboxName("Old");
        store.rename(inbox, old);
        assertThat(box(ANN, INBOX).id()).isEqualTo(inbox.id());
        assertThat(all(ANN, INBOX)).isEmpty();
        assertThat(all(ANN, old)).hasSize(2);
        assertThat(all(ANN, new MailboxName("INBOX.child"))).hasSize(1);
        assertThat(deliver("d\r\n", ANN, INBOX).uid()).isEqualTo(new Uid(3));
    }

    @Test
    void deletedMailboxLeavesThoseBelow() throws IOException {
        deliver("a\r\n", ANN, WORK);
        deliver("b\r\n", ANN, new MailboxName("Work.2025"));
        store.delete(box(ANN, WORK));
        assertThat(store.mailboxes(ANN))
                .extracting(mailbox -> mailbox.name().name())
                .containsExactly("Work.2025");
    }

    /// As when `setup email del` removes an account whose client is reading.
    @Test
    void mailboxThatIsGoneHasNothingForWhoStillKnowsIt() throws IOException {
        List<Uid> uids = List.of(deliver("a\r\n", ANN, INBOX).uid());
        Mailbox gone = box(ANN, INBOX);
        store.delete(ANN);
        deliver("b\r\n", ANN, INBOX);
        assertThat(store.messages(gone, Uid.FIRST, Uid.LAST)).isEmpty();
        assertThat(store.messages(gone, Uid.FIRST, 10)).isEmpty();
        assertThat(store.overview(gone).count()).isZero();
        assertThat(store.flags(gone, uids, flags -> flags.with(Flags.of(Flag.SEEN))))
                .isEmpty();
        assertThat(store.expunge(gone, uids)).isEmpty();
        assertThat(all(ANN, INBOX))
                .singleElement()
                .satisfies(message -> assertThat(message.flags()).isEqualTo(Flags.NONE));
        assertThat(box(ANN, INBOX).validity()).isNotEqualTo(gone.validity());
    }

    @Test
    void inboxIsFirst() throws IOException {
        store.create(ANN, new MailboxName("Archive"), null);
        store.create(ANN, new MailboxName("inbox"), null);
        store.create(ANN, new MailboxName("Äpfel"), null);
        store.create(ANN, new MailboxName("archive"), null);
        assertThat(store.mailboxes(ANN))
                .extracting(mailbox -> mailbox.name().name())
                .containsExactly("INBOX", "Archive", "archive", "Äpfel");
    }

    @Test
    void subscriptionBelongsToTheName() throws IOException {
        store.subscribe(ANN, WORK, true);
        assertThat(store.mailbox(ANN, WORK)).isNull();
        store.create(ANN, WORK, null);
        assertThat(box(ANN, WORK).subscribed()).isTrue();
        store.delete(box(ANN, WORK));
        store.create(ANN, WORK, null);
        assertThat(box(ANN, WORK).subscribed()).isTrue();
        store.subscribe(ANN, WORK, false);
        assertThat(box(ANN, WORK).subscribed()).isFalse();
    }

    @Test
    void specialUseStaysWithTheMailbox() throws IOException {
        Mailbox junk = store.create(ANN, WORK, null);
        store.specialUse(junk, "\\Junk");
        store.rename(junk, new MailboxName("Spam"));
        assertThat(box(ANN, new MailboxName("Spam")).specialUse()).isEqualTo("\\Junk");
    }

    @Test
    void usageIsOfTheWholeAccount() throws IOException {
        assertThat(store.usage(ANN)).isEqualTo(new MailboxStore.Usage(0, 0));
        deliver("a\r\n", ANN, INBOX);
        deliver(ascii("bb\r\n"), new Incoming.Place(ANN, WORK, "F: x\r\n", Flags.NONE, START));
        deliver("cccc\r\n", BOB, INBOX);
        assertThat(store.usage(ANN)).isEqualTo(new MailboxStore.Usage(2, 13));
        store.expunge(box(ANN, INBOX), List.of(Uid.FIRST));
        assertThat(store.usage(ANN)).isEqualTo(new MailboxStore.Usage(1, 10));
        store.delete(box(ANN, WORK));
        assertThat(store.usage(ANN)).isEqualTo(new MailboxStore.Usage(0, 0));
    }

    @Test
    void accountsAreKeptApart() throws IOException {
        deliver("a\r\n", ANN, WORK);
        deliver("b\r\n", BOB, WORK);
        assertThat(store.accounts()).containsExactly(ANN, BOB);
        store.delete(ANN);
        assertThat(store.mailboxes(ANN)).isEmpty();
        assertThat(all(BOB, WORK)).hasSize(1);
    }
}
