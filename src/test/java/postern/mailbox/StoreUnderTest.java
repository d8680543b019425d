package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A store under test: new and empty, with a clock of its own, and proved at the end.
public abstract class StoreUnderTest {
    protected static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    protected static final AccountName ANN = new AccountName("ann@example.com");
    protected static final AccountName BOB = new AccountName("bob@example.com");
    protected static final MailboxName INBOX = MailboxName.INBOX;
    protected static final MailboxName WORK = new MailboxName("Work");

    protected Instant now = START;
    protected MailboxStore store;

    /// A new, empty store whose clock is `now`.
    protected abstract MailboxStore open() throws IOException;

    @BeforeEach
    void openStore() throws IOException {
        store = open();
    }

    @AfterEach
    void closeStore() throws IOException {
        assertThat(store.check()).isEmpty();
        store.close();
    }

    protected static Incoming.Place place(AccountName account, MailboxName name) {
        return new Incoming.Place(account, name, "", Flags.NONE, START);
    }

    protected List<MessageRef> deliver(byte[] text, Incoming.Place... places) throws IOException {
        try (Incoming incoming = store.incoming()) {
            incoming.write(ByteBuffer.wrap(text));
            return incoming.commit(List.of(places));
        }
    }

    protected MessageRef deliver(String text, AccountName account, MailboxName name) throws IOException {
        return deliver(ascii(text), place(account, name)).getFirst();
    }

    protected static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    protected static byte[] noise(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    protected byte[] read(MessageRef message, long from) throws IOException {
        try (InputStream in = store.open(message, from)) {
            return in.readAllBytes();
        }
    }

    protected Mailbox box(AccountName account, MailboxName name) throws IOException {
        return Objects.requireNonNull(store.mailbox(account, name), name.name());
    }

    protected List<MessageRef> all(AccountName account, MailboxName name) throws IOException {
        return store.messages(box(account, name), Uid.FIRST, Uid.LAST);
    }

    protected static List<Uid> uids(List<MessageRef> messages) {
        return messages.stream().map(MessageRef::uid).toList();
    }
}
