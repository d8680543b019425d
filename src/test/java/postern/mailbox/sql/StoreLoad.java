package postern.mailbox.sql;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.body.DirectoryDisk;

/// A process that delivers into a store until it is killed, and says on its output what it was told: `there
/// ACCOUNT UID SEED` after a commit, `flagged ACCOUNT UID` after a change of flags, `going ACCOUNT UID` before an
/// expunge.
public final class StoreLoad {
    static final Flags FLAGS = new Flags(Flags.of(Flags.Flag.SEEN).bits(), List.of("$Forwarded"));

    private static final int THREADS = 8;

    private StoreLoad() {}

    /// @param arguments directory, seed of the first text
    public static void main(String[] arguments) throws IOException {
        SqliteStore store = open(Path.of(arguments[0]));
        AtomicLong seeds = new AtomicLong(Long.parseLong(arguments[1]));
        for (int i = 0; i < THREADS; i++) {
            AccountName account = new AccountName("user" + i % 3 + "@example.com");
            Thread.ofPlatform().start(() -> deliver(store, account, seeds));
        }
        Thread.ofPlatform().start(() -> compact(store));
    }

    /// With segments so small that some are emptied all the time.
    public static SqliteStore open(Path directory) throws IOException {
        return SqliteStore.open(
                directory,
                new SqliteStore.Shape(new DirectoryDisk(directory.resolve("texts")), 400_000, 4_000),
                InstantSource.system(),
                MailLog.none());
    }

    /// The text that a seed makes.
    public static byte[] text(long seed) {
        Random random = new Random(seed);
        byte[] text = new byte[random.nextInt(20) == 0 ? 200_000 : random.nextInt(8_000)];
        random.nextBytes(text);
        return text;
    }

    private static void deliver(SqliteStore store, AccountName account, AtomicLong seeds) {
        List<Uid> mine = new ArrayList<>();
        PrintStream out = System.out;
        while (true) {
            long seed = seeds.getAndIncrement();
            try (Incoming incoming = store.incoming()) {
                incoming.write(ByteBuffer.wrap(text(seed)));
                MessageRef message = incoming.commit(
                                List.of(new Incoming.Place(account, MailboxName.INBOX, "", Flags.NONE, Instant.EPOCH)))
                        .getFirst();
                say(out, "there " + account + " " + message.uid() + " " + seed + "\n");
                if (seed % 3 == 0) {
                    flag(store, account, message.uid(), out);
                }
                mine.add(message.uid());
                if (mine.size() == 10) {
                    expunge(store, account, mine.subList(0, 8), out);
                    mine.clear();
                }
            } catch (IOException e) {
                say(out, "failed " + e + "\n");
            }
        }
    }

    private static void flag(SqliteStore store, AccountName account, Uid uid, PrintStream out) throws IOException {
        Mailbox inbox = store.mailbox(account, MailboxName.INBOX);
        if (inbox != null) {
            store.flags(inbox, List.of(uid), flags -> flags.with(FLAGS));
            say(out, "flagged " + account + " " + uid + "\n");
        }
    }

    private static void expunge(SqliteStore store, AccountName account, List<Uid> uids, PrintStream out)
            throws IOException {
        for (Uid uid : uids) {
            say(out, "going " + account + " " + uid + "\n");
        }
        Mailbox inbox = store.mailbox(account, MailboxName.INBOX);
        if (inbox != null) {
            store.expunge(inbox, uids);
        }
    }

    /// One write for a whole line.
    private static void say(PrintStream out, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    private static void compact(SqliteStore store) {
        while (true) {
            try {
                store.settle();
                store.compact();
            } catch (IOException e) {
                say(System.out, "failed " + e + "\n");
            }
        }
    }
}
