package postern.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.sql.SqliteStore;

/// Fills a store.
final class MailboxesFill {
    private static final int AT_ONCE = 200;
    private static final byte[] TEXT =
            ("Subject: one of many\r\n\r\n" + "a line of text\r\n".repeat(125)).getBytes(StandardCharsets.US_ASCII);

    private MailboxesFill() {}

    /// @param large messages of the first account
    /// @param others messages of the others together
    static void fill(Path store, int large, int others) throws IOException {
        try (SqliteStore mail = SqliteStore.open(store, InstantSource.system(), MailLog.none())) {
            put(mail, large, number -> 0);
            put(mail, others, number -> 1 + number % (MailHost.MAILBOXES - 1));
        }
    }

    private interface Owner {
        int of(int number);
    }

    private static void put(MailboxStore mail, int count, Owner owner) throws IOException {
        for (int done = 0; done < count; done += AT_ONCE) {
            List<MailboxStore.Arrival> some = new ArrayList<>();
            try {
                for (int i = done; i < Math.min(count, done + AT_ONCE); i++) {
                    Incoming incoming = mail.incoming();
                    incoming.write(ByteBuffer.wrap(TEXT));
                    some.add(new MailboxStore.Arrival(
                            incoming,
                            new Incoming.Place(
                                    new AccountName(Dialect.user(owner.of(i))),
                                    MailboxName.INBOX,
                                    "Return-Path: <sender@example.net>\r\n",
                                    Flags.NONE,
                                    Instant.now())));
                }
                mail.commit(some);
            } finally {
                some.forEach(arrival -> arrival.message().close());
            }
        }
    }
}
